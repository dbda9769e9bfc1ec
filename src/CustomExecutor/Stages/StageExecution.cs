using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Logging;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Stages;

/// <summary>What is the same around every stage: its log, the runner's signals, and how a failure becomes an exit
/// code.</summary>
internal static class StageExecution
{
    /// <summary>Runs one stage to its exit code.</summary>
    /// <param name="name">The stage's name.</param>
    /// <param name="runner">The runner's environment.</param>
    /// <param name="job">Whose job this is.</param>
    /// <param name="settings">The admin's log.</param>
    /// <param name="graceAfterTermination">How long it works on after the runner's SIGTERM. Null if the signal simply
    /// ends it: it has nothing to end itself, and the threads that handle signals take as long to start as its
    /// work.</param>
    /// <param name="time">The clock.</param>
    /// <param name="run">The stage.</param>
    public static Task<int> Run(
        string name,
        RunnerEnvironment runner,
        JobContext job,
        LogSettings settings,
        TimeSpan? graceAfterTermination,
        TimeProvider time,
        Func<StageLog, CancellationToken, Task<int>> run
    ) =>
        CommandBoundary.RunLogged(
            name,
            settings,
            runner,
            async log =>
            {
                log.With("JobId", job.JobId);
                log.With("ProjectId", job.ProjectId);
                using var termination = graceAfterTermination is { } grace ? new Termination(grace, time) : null;
                var terminated = termination?.Token ?? CancellationToken.None;
                var began = time.GetTimestamp();
                int exitCode;
                try
                {
                    exitCode = await run(log, terminated);
                    // Never 0: the runner takes the status after its SIGTERM for the stage's result.
                    if (exitCode == 0)
                        terminated.ThrowIfCancellationRequested();
                }
                catch (OperationCanceledException e) when (terminated.IsCancellationRequested)
                {
                    exitCode = CommandBoundary.Report(
                        new DriverException($"{name} was cancelled by the runner", inner: e),
                        log,
                        runner
                    );
                }
                catch (Exception e)
                {
                    exitCode = CommandBoundary.Report(e, log, runner);
                }

                log.Admin.Information(
                    "Stage ended with exit code {ExitCode} after {Duration} ms",
                    exitCode,
                    (long)time.GetElapsedTime(began).TotalMilliseconds
                );
                return exitCode;
            }
        );
}
