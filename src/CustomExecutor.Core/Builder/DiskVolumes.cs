namespace CustomExecutor.Core.Builder;

/// <summary>The volumes of a job's pod that are on the node's disk and bounded by the settings: the kubelet evicts a
/// pod that writes more, and names the volume.</summary>
public static class DiskVolumes
{
    /// <summary>The builder's layers and cache.</summary>
    public const string State = "state";

    /// <summary>The job's checkout.</summary>
    public const string Builds = "builds";

    /// <summary>The job's caches.</summary>
    public const string Cache = "cache";

    /// <summary>Temporary files of the author's scripts, where the image's root filesystem is read-only.</summary>
    public const string Temporary = "tmp";

    /// <summary>What the runner's own scripts print.</summary>
    public const string OutputOfHelper = "output-helper";

    /// <summary>What the author's scripts print.</summary>
    public const string OutputOfBuild = "output-build";

    /// <summary>The images of the Docker Engine API.</summary>
    public const string Images = "images";
}
