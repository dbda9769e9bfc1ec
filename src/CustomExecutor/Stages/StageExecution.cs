using CustomExecutor.Core.Job;
using CustomExecutor.Host;

namespace CustomExecutor.Stages;

/// <summary>What is the same around every stage: its log, the runner's signals, and how a failure becomes an exit code.</summary>
internal static class StageExecution
{
    /// <summary>Runs one stage to its exit code.</summary>
    /// <param name="name">The stage's name.</param>
    /// <param name="input">What it begins with.</param>
    /// <param name="graceAfterTermination">How long it works on after the runner's SIGTERM.</param>
    /// <param name="run">The stage.</param>
    public static async Task<int> Run(
        string name, StageInput input, TimeSpan graceAfterTermination, Func<StageInput, StageLog, CancellationToken, Task<int>> run)
    {
        using var log = StageLog.Open(input.Settings.Log, name);
        log.Say("JobId", input.Job.JobId);
        log.Say("ProjectId", input.Job.ProjectId);
        using var termination = new Termination(graceAfterTermination);
        var times = new StartTimes();
        var exitCode = input.Runner.SystemFailureExitCode;
        try
        {
            exitCode = await run(input, log, termination.Token);
            // Never 0: the runner takes the status after its SIGTERM for the stage's result.
            if (exitCode == 0) termination.Token.ThrowIfCancellationRequested();
        }
        catch (DriverException e)
        {
            exitCode = input.Runner.ExitCodeFor(e.Kind);
            log.TellFailure(e.Message, e.InnerException);
        }
        catch (OperationCanceledException e) when (termination.Token.IsCancellationRequested)
        {
            exitCode = input.Runner.SystemFailureExitCode;
            log.TellFailure($"{name} was cancelled by the runner", e);
        }

        log.Admin.Information("Stage ended with exit code {ExitCode} after {Duration} ms", exitCode, (long)times.Elapsed.TotalMilliseconds);
        return exitCode;
    }
}
