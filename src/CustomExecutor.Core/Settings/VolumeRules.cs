using CustomExecutor.Core.Kubernetes;
using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>What the volumes that an admin adds must obey.</summary>
internal static class VolumeRules
{
    /// <summary>What the driver itself mounts in a job's containers, and what every image needs of its own.</summary>
    private static readonly string[] Taken = ["/builds", "/run", "/dev", "/proc", "/sys"];

    /// <summary>Adds every mistake.</summary>
    public static void Check(IReadOnlyList<VolumeSettings> volumes, SettingsMistakes mistakes)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < volumes.Count; i++)
        {
            if (volumes[i] is not { } volume)
                continue;
            var path = Item("job.volumes", i);
            CheckPlace(KeyPath.Of(path, "mountPath"), volume.MountPath, places, mistakes);
            CheckSource(path, volume, mistakes);
            // The API server's validateLocalDescendingPath.
            if (volume.SubPath is { } sub && (sub.StartsWith('/') || sub.Split('/').Contains("..")))
                mistakes.Add(KeyPath.Of(path, "subPath"), $"{Quoted(sub)} must be relative and without ..");
        }
    }

    private static void CheckPlace(string path, string place, HashSet<string> places, SettingsMistakes mistakes)
    {
        if (!mistakes.WasRead(path) || !SettingsRules.AbsolutePath(path, place, mistakes))
            return;
        if (MistakeOfPlace(place) is { } mistake)
            mistakes.Add(path, $"{Quoted(place)} {mistake}");
        else if (!places.Add(SandboxPath.Plain(place)))
            mistakes.Add(path, $"{Quoted(place)} is another volume's place as well");
    }

    private static string? MistakeOfPlace(string place)
    {
        var plain = SandboxPath.Plain(place);
        if (plain == "/")
            return "would hide the whole image";
        // The API server's ValidateVolumeMounts: a colon would begin the mount's options.
        if (place.Contains(':'))
            return "has a colon, which Kubernetes does not take";
        return Taken.FirstOrDefault(taken => SandboxPath.IsWithin(plain, taken)) is { } taken
            ? $"lies in {taken}, which the driver or the image needs; take another path"
            : null;
    }

    private static void CheckSource(string path, VolumeSettings volume, SettingsMistakes mistakes)
    {
        (string Key, string? Name)[] sources =
        [
            ("persistentVolumeClaim", volume.PersistentVolumeClaim),
            ("configMap", volume.ConfigMap),
            ("secret", volume.Secret),
        ];
        foreach (var (key, name) in sources)
        {
            if (name is not null && !KubernetesNames.IsDnsName(name))
            {
                mistakes.Add(
                    KeyPath.Of(path, key),
                    $"{Quoted(name)} is not a valid object name: {KubernetesNames.DnsName}"
                );
            }
        }

        if (
            sources.Count(source => source.Name is not null) != 1
            && sources.All(source => mistakes.WasRead(KeyPath.Of(path, source.Key)))
        )
        {
            mistakes.Add(path, "exactly one of persistentVolumeClaim, configMap and secret must say what is mounted");
        }
    }
}
