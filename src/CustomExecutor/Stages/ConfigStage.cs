using CustomExecutor.Attempt;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host;

namespace CustomExecutor.Stages;

/// <summary>config: tells the runner where the job's files go and how to write its scripts. It asks no cluster and
/// makes nothing.</summary>
internal static class ConfigStage
{
    /// <summary>Prints the runner's JSON and nothing else on stdout.</summary>
    public static int Run(StageInput input)
    {
        var (builds, cache) =
            input.Settings.Scripts.RunIn == ScriptPlace.Pod
                ? (JobPodPaths.Builds, JobPodPaths.Cache)
                : (input.Workspace.BuildsDirectory, input.Workspace.CacheDirectory);
        using var stdout = Console.OpenStandardOutput();
        stdout.Write(
            System.Text.Encoding.UTF8.GetBytes(ConfigReply.For(builds, cache, DriverVersion.Text).ToJson() + "\n")
        );
        return 0;
    }
}
