using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>A volume that the admin adds; one of the three sources is set.</summary>
public sealed record VolumeSettings
{
    [Description("Where it is mounted, an absolute path.")]
    public string MountPath { get; set; } = "";

    [Description("A file or directory within the volume to mount instead of all of it.")]
    public string? SubPath { get; set; }

    [Description(
        "The claim's name. A claim at /cache takes the place of the cache that ends with the job: each project then "
            + "has a directory of its own in it, one for protected branches and one for all others."
    )]
    public string? PersistentVolumeClaim { get; set; }

    [Description("The ConfigMap's name.")]
    public string? ConfigMap { get; set; }

    [Description("The secret's name. Every job can read it.")]
    public string? Secret { get; set; }

    [Description("Mount a claim read-only; the others always are.")]
    public bool ReadOnly { get; set; }
}
