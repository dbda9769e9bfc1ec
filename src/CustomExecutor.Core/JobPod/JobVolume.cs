using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>A volume of the admin's for one job.</summary>
/// <param name="Name">Its name in the pod.</param>
/// <param name="Settings">What is mounted where.</param>
/// <param name="SubPath">What of it is mounted; null for all.</param>
public sealed record JobVolume(string Name, VolumeSettings Settings, string? SubPath)
{
    /// <summary>The job's volumes. A claim for caches has a directory of its own for each project, so that one
    /// project's jobs neither read nor write what another's unpack and run.</summary>
    public static IReadOnlyList<JobVolume> Of(JobContext job, DriverSettings settings) =>
        [
            .. settings.Job.Volumes.Select(
                (volume, i) =>
                    new JobVolume(
                        $"volume-{i}",
                        volume,
                        IsAt(volume, JobPodPaths.Cache) && volume.PersistentVolumeClaim is not null
                            ? Path.Join(volume.SubPath, Workspace.ProjectCache(job, settings.Instance))
                            : volume.SubPath
                    )
            ),
        ];

    /// <summary>Whether a volume is mounted at a place.</summary>
    internal static bool IsAt(VolumeSettings volume, string path) => SandboxPath.Plain(volume.MountPath) == path;
}
