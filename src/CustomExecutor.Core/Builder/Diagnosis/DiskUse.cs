namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A pod that was evicted since it wrote more than it may: which volume or container, and which key of the
/// settings bounds it.</summary>
/// <param name="Cause">What outgrew what, as it follows a colon.</param>
/// <param name="Key">The settings' key.</param>
/// <param name="IsBuilders">Builds wrote it; otherwise scripts and services did.</param>
internal sealed record DiskUse(string Cause, string Key, bool IsBuilders)
{
    private const string Storage = "ephemeral-storage";

    /// <summary>The use that the kubelet's message tells of; null if it tells of none that the driver knows.</summary>
    public static DiskUse? Of(string message, PodObservation seen)
    {
        if (message.Contains("Usage of EmptyDir volume", StringComparison.OrdinalIgnoreCase))
            return OfVolume(message, seen);
        if (message.Contains("local ephemeral storage limit", StringComparison.OrdinalIgnoreCase))
        {
            return seen.Named(message) is [var container, ..]
                ? OfContainers([container], seen)
                : OfContainers([seen.Followed], seen);
        }

        // The limits of all containers together bound the pod's volumes.
        return message.Contains("ephemeral local storage usage exceeds", StringComparison.OrdinalIgnoreCase)
            ? OfContainers([.. seen.Own.Where(own => seen.LimitOf(own, Storage) is not null)], seen)
            : null;
    }

    private static DiskUse? OfVolume(string message, PodObservation seen)
    {
        var volume = seen.Pod.Spec.Volumes?.FirstOrDefault(v =>
            message.Contains($"\"{v.Name}\"", StringComparison.Ordinal)
        );
        var (what, key) = volume?.Name switch
        {
            DiskVolumes.State => ("its state (layers, build cache, what steps write)", "builder.stateSizeLimit"),
            DiskVolumes.Builds => ("its checkout and what its scripts write beside it (/builds)", ForJob),
            DiskVolumes.Cache => ("its caches (/cache)", ForJob),
            DiskVolumes.Temporary => ("the temporary files of its scripts (/tmp)", ForJob),
            DiskVolumes.OutputOfHelper or DiskVolumes.OutputOfBuild => ("the output of its scripts", ForJob),
            DiskVolumes.Images => ("the images of its Docker Engine API", "engine.storeSizeLimit"),
            _ => ("", ""),
        };
        return volume is null || key.Length == 0
            ? null
            : new DiskUse(
                $"{what} outgrew {key}{Known(volume.EmptyDir?.SizeLimit?.ToString())}",
                key,
                volume.Name == DiskVolumes.State
            );
    }

    private const string ForJob = "job.volumeSizeLimit";

    private static DiskUse OfContainers(IReadOnlyList<PodContainer> containers, PodObservation seen)
    {
        IReadOnlyList<PodContainer> bounded = containers.Count > 0 ? containers : [seen.Followed];
        var keys = bounded.Select(c => (Key: KeyOf(c), Limit: seen.LimitOf(c, Storage))).Distinct().ToList();
        return new DiskUse(
            $"it used more than {string.Join(" and ", keys.Select(k => k.Key + Known(k.Limit)))}"
                + (keys.Count > 1 ? " together" : ""),
            string.Join(" or ", keys.Select(k => k.Key).Distinct()),
            bounded is [{ Role: ContainerRole.Buildkitd }]
        );
    }

    private static string KeyOf(PodContainer container) => $"{container.Settings}.resources.limits[\"{Storage}\"]";

    private static string Known(string? quantity) => quantity is null ? "" : $" ({DisplayText.Of(quantity)})";
}
