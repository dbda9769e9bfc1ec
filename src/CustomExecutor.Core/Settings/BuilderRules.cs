using CustomExecutor.Core.Kubernetes;
using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>Checks the builder's settings, so that the API server accepts the pod and buildkitd starts in it.</summary>
internal static class BuilderRules
{
    /// <summary>A day. No builder and no job takes that long.</summary>
    private const int LongestPrepare = 86_400;

    /// <summary>The flags that the driver passes to buildkitd itself (see the pod's arguments).</summary>
    private static readonly string[] OwnFlags = ["addr", "tlscacert", "tlscert", "tlskey", "config"];

    /// <summary>Adds every mistake.</summary>
    public static void Check(BuilderSettings settings, SettingsMistakes mistakes)
    {
        CheckImage("builder.image", settings.Image, BuilderSettings.DefaultImage, mistakes);
        for (var i = 0; i < settings.ImagePullSecrets.Count; i++)
        {
            if (settings.ImagePullSecrets[i] is { } name && !KubernetesNames.IsDnsName(name))
            {
                mistakes.Add(
                    Item("builder.imagePullSecrets", i),
                    $"{Quoted(name)} is not a valid secret name: {KubernetesNames.DnsName}"
                );
            }
        }

        ResourceRules.Check("builder.resources", settings.Resources, new BuilderSettings().Resources, mistakes);
        ResourceRules.CheckBytes("builder.stateSizeLimit", settings.StateSizeLimit, mistakes);
        PlacementRules.Check(settings, mistakes);
        for (var i = 0; i < settings.BuildkitdFlags.Count; i++)
        {
            if (settings.BuildkitdFlags[i] is { } flag && MistakeOfFlag(flag) is { } mistake)
                mistakes.Add(Item("builder.buildkitdFlags", i), $"{Quoted(flag)} {mistake}");
        }

        SettingsRules.AbsolutePath("builder.buildkitdConfig", settings.BuildkitdConfig, mistakes);
        if (settings.PrepareTimeoutSeconds is < 1 or > LongestPrepare)
        {
            mistakes.Add(
                "builder.prepareTimeoutSeconds",
                $"{settings.PrepareTimeoutSeconds} is not between 1 and {LongestPrepare} seconds"
            );
        }
    }

    /// <summary>Adds the mistake if it can be no image.</summary>
    public static void CheckImage(string path, string image, string @default, SettingsMistakes mistakes)
    {
        if (image.Length == 0)
            mistakes.Add(path, $"\"\" is not an image; leave it out for {@default}");
        else if (image.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            mistakes.Add(path, $"{Quoted(image)} has a blank or control character");
    }

    private static string? MistakeOfFlag(string flag)
    {
        if (flag.Length == 0)
            return "is not a flag; leave it out";
        if (flag.Any(char.IsControl))
            return "has a control character";
        if (flag[0] != '-')
            return null;
        // Go accepts one or two dashes, and a value after = or in the next entry.
        var end = flag.AsSpan().IndexOfAny("= ");
        var name = flag[..(end < 0 ? flag.Length : end)].TrimStart('-');
        // A second --addr would expose the builder without TLS, and another certificate would break the endpoint.
        if (OwnFlags.Contains(name))
        {
            return name == "config"
                ? "is set by the driver; set builder.buildkitdConfig instead"
                : "is set by the driver to secure the builder's endpoint; leave it out";
        }

        return end >= 0 && flag[end] == ' ' ? "has a space; put the flag and its value into separate entries" : null;
    }
}
