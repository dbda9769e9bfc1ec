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
    public async Task Config_that_had_SIGTERM_before_its_end_is_no_success()
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

        (await driver.Exit).Should().Be(new ChildExit(null, ChildProcessSignal.Terminate), "the signal simply ends it");
        (await Read(writing)).Should().BeEmpty();
    }

    public void Dispose() => _host.Dispose();

    private Dictionary<string, string> Environment(PlayedAttempt attempt) =>
        new(_host.Runner.Environment) { ["TMPDIR"] = attempt.Directory, ["JOB_RESPONSE_FILE"] = attempt.ResponseFile };

    private static bool WaitsIn(ChildProcess process, string kernelFunction) =>
        Directory
            .GetDirectories($"/proc/{process.Id}/task")
            .Any(thread => File.ReadAllText($"{thread}/wchan").Contains(kernelFunction, StringComparison.Ordinal));

    private static async Task<string> Read(ChildProcessPipe pipe)
    {
        using var reader = new StreamReader(pipe.Reader, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
