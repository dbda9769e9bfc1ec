using CustomExecutor.Core.Kubernetes;
using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>What the builder's settings must obey so that the API server takes the pod and buildkitd starts in
/// it.</summary>
internal static class BuilderRules
{
    /// <summary>A day: no builder takes that long, no job either.</summary>
    private const int LongestPrepare = 86_400;

    /// <summary>What the driver says to buildkitd itself (see the pod's arguments).</summary>
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
                    $"{Quoted(name)} is no secret's name: {KubernetesNames.DnsName}"
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
            mistakes.Add(path, $"\"\" is no image; leave it out for {@default}");
        else if (image.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            mistakes.Add(path, $"{Quoted(image)} has a blank or control character");
    }

    private static string? MistakeOfFlag(string flag)
    {
        if (flag.Length == 0)
            return "is no flag; leave it out";
        if (flag.Any(char.IsControl))
            return "has a control character";
        if (flag[0] != '-')
            return null;
        // One dash or two, the value behind = or in the next entry: Go takes them all.
        var end = flag.AsSpan().IndexOfAny("= ");
        var name = flag[..(end < 0 ? flag.Length : end)].TrimStart('-');
        // A second --addr would open the builder without TLS, a second certificate would break the endpoint.
        if (OwnFlags.Contains(name))
        {
            return name == "config"
                ? "is set by the driver; name the file in builder.buildkitdConfig"
                : "is set by the driver, which secures the builder's endpoint with it; leave it out";
        }

        return end >= 0 && flag[end] == ' ' ? "has a blank; give a flag and its value an entry each" : null;
    }
}
