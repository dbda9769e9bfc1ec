namespace CustomExecutor.Core.JobPod;

/// <summary>Whether an author may use an image (<c>VerifyAllowedImage</c> in GitLab Runner's source).</summary>
internal static class ImageDecision
{
    /// <summary>Registries take no longer name; the node would only say that it can't parse it.</summary>
    private const int LongestName = 1024;

    /// <summary>Why the image may not be used, in a sentence; none if it may.</summary>
    /// <param name="image">The image's name. Hostile text.</param>
    /// <param name="what">Image or service, as the sentence begins.</param>
    /// <param name="setting">The settings' key.</param>
    /// <param name="allowed">The admin's patterns; none allows all.</param>
    /// <param name="always">What is allowed besides.</param>
    public static IEnumerable<string> Mistakes(
        string image,
        string what,
        string setting,
        IReadOnlyList<string> allowed,
        params IReadOnlyList<string> always
    )
    {
        var shown = DisplayText.Of(image);
        if (image.Length > LongestName || image.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            yield return $"{what} {shown} is not a valid image name: it has a blank or control character, "
                + "or is too long.";
        }
        else if (
            allowed.Count > 0
            && !always.Contains(image)
            && !allowed.Any(pattern => GlobPattern.Matches(pattern, image))
        )
        {
            yield return $"{what} {shown} is not allowed on this runner. Allowed: {string.Join(", ", allowed)} "
                + $"({setting} in the runner's settings). Use one of those, or ask the runner's admin.";
        }
    }
}
