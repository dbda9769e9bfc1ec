using CustomExecutor.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host;

namespace CustomExecutor.Stages;

/// <summary>config: tells the runner where the job's files go and how to write its scripts. It asks no cluster and
/// makes nothing.</summary>
internal static class ConfigStage
{
    /// <summary>Prints the runner's JSON and nothing else on stdout.</summary>
    public static int Run(StageInput input)
    {
        using var stdout = Console.OpenStandardOutput();
        stdout.Write(
            System.Text.Encoding.UTF8.GetBytes(
                ConfigReply
                    .For(input.Workspace.BuildsDirectory, input.Workspace.CacheDirectory, DriverVersion.Text)
                    .ToJson() + "\n"
            )
        );
        return 0;
    }
}
