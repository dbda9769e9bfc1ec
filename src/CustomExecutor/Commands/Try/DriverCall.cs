using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Commands.Try;

/// <summary>The result of a call.</summary>
/// <param name="Exit">The driver's exit.</param>
/// <param name="Stdout">The output on stdout. Other output went to the log.</param>
internal readonly record struct DriverCallResult(ChildExit Exit, string Stdout);

/// <summary>
/// Calls the driver like the runner: with pipes, no terminal and its own process group, and with SIGTERM, then SIGKILL,
/// for the whole group.
/// </summary>
internal sealed class DriverCall(PlayedRunner runner, Stream log)
{
    /// <summary>
    /// Runs the driver to its end. As with the runner, a call ends when the process has ended and all processes have
    /// closed its output.
    /// </summary>
    /// <param name="arguments">The stage's name and its arguments.</param>
    /// <param name="environment">The whole environment.</param>
    /// <param name="directory">The attempt's directory.</param>
    /// <param name="keepStdout">Keep stdout for the result (config) instead of sending it to the log.</param>
    /// <param name="cancel">Cancelled if the job is cancelled or times out.</param>
    public async Task<DriverCallResult> Run(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string directory,
        bool keepStdout,
        CancellationToken cancel
    )
    {
        using var shown = new ChildProcessPipe();
        using var kept = new ChildProcessPipe();
        using var child = ChildProcess.Start(
            new ChildProcessStart(runner.Driver, [.. runner.Arguments, .. arguments], environment)
            {
                WorkingDirectory = directory,
                NewProcessGroup = true,
                StandardOutput = keepStdout ? kept.Writer : shown.Writer,
                StandardError = shown.Writer,
            }
        );
        shown.CloseWriter();
        kept.CloseWriter();

        var stdout = ReadAll(kept);
        var ended = Task.WhenAll(child.Exit, Relay(shown), stdout);
        try
        {
            await ended.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await End(child, ended);
        }

        return new DriverCallResult(await child.Exit, await stdout);
    }

    private async Task End(ChildProcess child, Task ended)
    {
        child.SignalGroup(ChildProcessSignal.Terminate);
        if (await Within(ended, runner.GracefulKillTimeout))
            return;
        child.SignalGroup(ChildProcessSignal.Kill);
        if (!await Within(ended, runner.ForceKillTimeout))
            throw new DriverException($"failed to kill process PID={child.Id}, likely process is dormant");
    }

    private static async Task<bool> Within(Task ended, TimeSpan time)
    {
        try
        {
            await ended.WaitAsync(time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task Relay(ChildProcessPipe pipe)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await pipe.Reader.ReadAsync(buffer)) > 0)
        {
            await log.WriteAsync(buffer.AsMemory(0, read));
            await log.FlushAsync();
        }
    }

    private static async Task<string> ReadAll(ChildProcessPipe pipe)
    {
        using var reader = new StreamReader(pipe.Reader, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
