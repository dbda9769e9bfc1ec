using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Logging;

namespace CustomExecutor.Attempt;

/// <summary>What cleanup begins with: of the admin's settings, only what leads to what prepare has made.</summary>
/// <param name="Runner">The runner's environment.</param>
/// <param name="Job">Whose job this is.</param>
/// <param name="Log">The admin's log.</param>
/// <param name="Cluster">Where builders are.</param>
/// <param name="Instance">How the job's builders are labelled.</param>
/// <param name="WorkspaceRoot">Where workspaces and records are.</param>
internal sealed record CleanupInput(
    RunnerEnvironment Runner,
    JobContext Job,
    LogSettings Log,
    KubernetesSettings Cluster,
    string Instance,
    string WorkspaceRoot
)
{
    /// <summary>Reads it. If the settings can't be read any more, what prepare has noted of them serves: an admin's
    /// slip while jobs run leaves nothing behind.</summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="settingsOption">What <c>--settings</c> says, or null.</param>
    /// <exception cref="DriverException">Anything of it is missing or wrong.</exception>
    public static CleanupInput Read(RunnerEnvironment runner, string? settingsOption)
    {
        try
        {
            var (_, settings, job, _) = StageInput.Read(runner, settingsOption);
            return new CleanupInput(
                runner,
                job,
                settings.Log,
                settings.Kubernetes,
                settings.Instance,
                settings.Workspace.Root
            );
        }
        catch (Exception e)
        {
            if (Noted(runner) is not { } noted)
                throw;
            JobLogSink.Write(
                $"Warning: {InternalError.Expected(e).Message}\nCleanup goes by the settings that prepare has used."
            );
            return noted;
        }
    }

    private static CleanupInput? Noted(RunnerEnvironment runner)
    {
        try
        {
            var job = StageInput.ReadJob(runner);
            return StateFile.Read(job.Paths, job.JobId) is { } record
                ? new CleanupInput(
                    runner,
                    job,
                    new LogSettings(),
                    record.Cluster,
                    record.Instance,
                    record.WorkspaceRoot
                )
                : null;
        }
        catch (Exception)
        {
            return null; // What was wrong at first is told.
        }
    }
}
