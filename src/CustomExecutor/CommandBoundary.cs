using System.Runtime.ExceptionServices;
using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Logging;

namespace CustomExecutor;

/// <summary>Runs a command and turns exceptions into a message and an exit code. No exception leaves it.</summary>
internal static class CommandBoundary
{
    /// <summary>Runs code that has no log yet.</summary>
    public static async Task<int> Run(RunnerEnvironment runner, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception e)
        {
            var failure = InternalError.Expected(e);
            JobLogSink.Write($"ERROR: {failure.Message}");
            return runner.ExitCodeFor(failure.Kind);
        }
    }

    /// <summary>Runs a command with its log.</summary>
    public static async Task<int> RunLogged(
        string name,
        LogSettings settings,
        RunnerEnvironment runner,
        Func<StageLog, Task<int>> command
    )
    {
        using var log = StageLog.Open(settings, name);
        InternalError.RecordIn(log, settings);
        try
        {
            return await command(log);
        }
        catch (Exception e)
        {
            return Report(e, log, runner);
        }
        finally
        {
            InternalError.StopRecording();
        }
    }

    /// <summary>
    /// Runs a command that opens its log itself, or has none. An internal error outside that log opens the admin log to
    /// record it. Commands for people do not open it earlier: root would create a log file that the runner's user can't
    /// write to.
    /// </summary>
    public static async Task<int> RunUnlogged(
        string name,
        Func<LogSettings> settings,
        RunnerEnvironment runner,
        Func<Task<int>> command
    )
    {
        try
        {
            return await command();
        }
        catch (Exception e) when (e is not DriverException && Loaded(settings) is { } loaded)
        {
            var thrown = ExceptionDispatchInfo.Capture(e);
            return await RunLogged(
                name,
                loaded,
                runner,
                _ =>
                {
                    thrown.Throw();
                    return Task.FromResult(0);
                }
            );
        }
    }

    /// <summary>Writes why a command failed.</summary>
    /// <returns>Its exit code.</returns>
    public static int Report(Exception e, StageLog log, RunnerEnvironment runner)
    {
        var failure = InternalError.Expected(e);
        log.WriteFailure(failure.Message, failure.InnerException);
        return runner.ExitCodeFor(failure.Kind);
    }

    private static LogSettings? Loaded(Func<LogSettings> settings)
    {
        try
        {
            return settings();
        }
        catch (Exception)
        {
            return null; // The exception that led here is the one to report.
        }
    }
}
