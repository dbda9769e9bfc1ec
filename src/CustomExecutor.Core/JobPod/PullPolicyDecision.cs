using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>When an image of the author's is pulled: as the author asks within what the admin allows, as in GitLab
/// Runner's <c>ComputeEffectivePullPolicies</c>.</summary>
internal static class PullPolicyDecision
{
    /// <summary>The first allowed one of the author's, or the admin's first.</summary>
    /// <param name="image">The author's image; null for none.</param>
    /// <param name="allowed">The admin's list.</param>
    /// <param name="mistakes">Takes a sentence if the author allows none of the admin's.</param>
    public static ImagePullPolicy Of(JobImage? image, IReadOnlyList<ImagePullPolicy> allowed, List<string> mistakes)
    {
        var asked = (image?.PullPolicy ?? []).OfType<string>().Where(text => text.Length > 0).ToList();
        if (asked.Count == 0)
            return allowed[0];
        foreach (var text in asked)
        {
            if (Parse(text) is { } policy && allowed.Contains(policy))
                return policy;
        }

        mistakes.Add(
            $"pull_policy {string.Join(", ", asked.Select(text => DisplayText.Of(text, 40)))} of image "
                + $"{DisplayText.Of(image!.Name!)} is not one that this runner allows: "
                + $"{string.Join(", ", allowed.Select(Word))}. Leave it out or change it."
        );
        return allowed[0];
    }

    /// <summary>GitLab's word, in Docker's spelling.</summary>
    private static ImagePullPolicy? Parse(string text) =>
        text switch
        {
            "always" => ImagePullPolicy.Always,
            "if-not-present" => ImagePullPolicy.IfNotPresent,
            "never" => ImagePullPolicy.Never,
            _ => null,
        };

    private static string Word(ImagePullPolicy policy) =>
        policy switch
        {
            ImagePullPolicy.Always => "always",
            ImagePullPolicy.Never => "never",
            _ => "if-not-present",
        };
}
