using System.Text;
using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Tests.Stages;

/// <summary>The runner takes the status after its SIGTERM for the stage's result: 0 would mean success.</summary>
public sealed class TerminationSpecs : IDisposable
{
    private const int PipeCapacity = 64 * 1024;

    private readonly RunnerHost _host = new("this is no kubeconfig", "no-such-namespace");

    [Fact]
    public async Task A_stage_that_had_SIGTERM_before_its_end_is_no_success()
    {
        using var attempt = new PlayedAttempt(_host.Runner, new PlayedJob { Id = 4711 }, Stream.Null);
        using var full = new ChildProcessPipe();
        using (var handle = new SafeFileHandle(full.Writer.DangerousGetHandle(), ownsHandle: false))
        using (var fill = new FileStream(handle, FileAccess.Write, bufferSize: 0))
            fill.Write(new byte[PipeCapacity]);
        using var writing = new ChildProcessPipe();
        using var driver = ChildProcess.Start(
            new ChildProcessStart(_host.Runner.Driver, [.. _host.Runner.Arguments, "config"], Environment(attempt))
            {
                StandardOutput = full.Writer,
                StandardError = writing.Writer,
            }
        );
        full.CloseWriter();
        writing.CloseWriter();
        // The runner does not read: so config is at work until it does.
        await Eventually.True(() => WaitsIn(driver, "pipe_write"), "config waits for a reader of its JSON");

        driver.Signal(ChildProcessSignal.Terminate);
        await HasTaken(driver, ChildProcessSignal.Terminate);
        var output = Read(full);

        (await driver.Exit).Code.Should().Be(RunnerResult.SystemFailureExitCode);
        (await output).Should().EndWith("}\n");
        (await Read(writing)).Should().Be("ERROR: config was cancelled by the runner\n");
    }

    public void Dispose() => _host.Dispose();

    private Dictionary<string, string> Environment(PlayedAttempt attempt) =>
        new(_host.Runner.Environment) { ["TMPDIR"] = attempt.Directory, ["JOB_RESPONSE_FILE"] = attempt.ResponseFile };

    private static bool WaitsIn(ChildProcess process, string kernelFunction) =>
        Directory
            .GetDirectories($"/proc/{process.Id}/task")
            .Any(thread => File.ReadAllText($"{thread}/wchan").Contains(kernelFunction, StringComparison.Ordinal));

    /// <summary>Waits until a signal is no longer pending and no thread has anything to do: its handler has
    /// ended.</summary>
    private static async Task HasTaken(ChildProcess process, int signal)
    {
        const int looks = 10;
        var quiet = 0;
        await Eventually.True(
            () => (quiet = IsPending(process, signal) || !Sleeps(process) ? 0 : quiet + 1) == looks,
            "the driver has taken the signal"
        );
    }

    private static bool IsPending(ChildProcess process, int signal) =>
        File.ReadLines($"/proc/{process.Id}/status")
            .Where(line => line.StartsWith("ShdPnd:", StringComparison.Ordinal))
            .Any(line => ((Convert.ToUInt64(line["ShdPnd:".Length..].Trim(), 16) >> (signal - 1)) & 1) == 1);

    private static bool Sleeps(ChildProcess process) =>
        Directory
            .GetDirectories($"/proc/{process.Id}/task")
            .All(thread => File.ReadAllText($"{thread}/stat").Split(") ")[^1][0] == 'S');

    private static async Task<string> Read(ChildProcessPipe pipe)
    {
        using var reader = new StreamReader(pipe.Reader, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
