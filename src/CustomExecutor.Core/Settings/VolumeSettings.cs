using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>A volume that the admin adds; one of the three sources is set.</summary>
public sealed record VolumeSettings
{
    [Description("Where it is mounted: an absolute path, outside /builds, /run, /dev, /proc and /sys.")]
    public string MountPath { get; set; } = "";

    [Description("A file or directory within the volume to mount instead of all of it.")]
    public string? SubPath { get; set; }

    [Description(
        "The name of a persistent volume claim of the namespace. A claim at /cache replaces the cache that "
            + "ends with the job: each project has directories of its own in it, one for protected branches and "
            + "one for all others."
    )]
    public string? PersistentVolumeClaim { get; set; }

    [Description("The name of a ConfigMap of the namespace.")]
    public string? ConfigMap { get; set; }

    [Description("The name of a secret of the namespace. Every job can read it.")]
    public string? Secret { get; set; }

    [Description("Mount a claim read-only. ConfigMaps and secrets always are read-only.")]
    public bool ReadOnly { get; set; }
}
