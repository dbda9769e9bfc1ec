using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.Core.JobPod;

/// <summary>Which container of the job's pod executes a script, and what the script finds there.</summary>
public static class JobScriptEnvironment
{
    /// <summary>The container: the runner's own scripts run in the helper, the author's in the image of the
    /// job.</summary>
    /// <param name="stage">The script stage's name.</param>
    public static string ContainerOf(string stage) =>
        ScriptStage.IsAuthors(stage) ? JobContainer.BuildName : JobContainer.HelperName;

    /// <summary>What a script finds beside the container's own environment.</summary>
    /// <param name="stage">The script stage's name.</param>
    /// <param name="isRootReadOnly">Whether the job's container has a read-only root filesystem.</param>
    public static PodScriptEnvironment Of(string stage, bool isRootReadOnly) =>
        ScriptStage.IsAuthors(stage)
            ? new PodScriptEnvironment
            {
                PathPrefix = JobPodPaths.Programs,
                WorkingDirectory = JobPodPaths.Builds,
                SpareHome = JobPodPaths.SpareHome,
                IsOwnHomeReadOnly = isRootReadOnly,
            }
            : new PodScriptEnvironment
            {
                PathPrefix = JobPodSetup.HelperPrograms,
                WorkingDirectory = JobPodPaths.Builds,
                // What the helper writes, the author's image uses as another user: the Kubernetes executor's rule.
                Umask = "0000",
            };
}
