using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Scripts;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Host.Processes;
using CustomExecutor.Scripts;

namespace CustomExecutor.Stages;

/// <summary>run: executes one of the job's scripts with the job's builder as buildx's own.</summary>
internal sealed class RunStage(StageInput input, StageLog log)
{
    /// <summary>For a background process to end in its own way once the script is over.</summary>
    private static readonly TimeSpan GraceForLeftBehind = TimeSpan.FromSeconds(1);

    /// <summary>For a script to find out by itself that its builder is gone, and to say so in its own way.</summary>
    private static readonly TimeSpan GraceWithoutBuilder = TimeSpan.FromSeconds(10);

    /// <summary>Runs the script and tells the runner how it ended.</summary>
    /// <param name="script">The runner's script file.</param>
    /// <param name="stage">The script stage's name.</param>
    /// <param name="cancel">The runner has sent SIGTERM; the script has had it too and ends in its own way.</param>
    /// <exception cref="DriverException">The attempt was not prepared, or bash can't be started.</exception>
    public async Task<int> Run(string script, string stage, CancellationToken cancel)
    {
        Reset(input.Runner.BuildExitCodeFile);
        var record = ReadRecord(input.Job);
        if (!File.Exists(script))
        {
            throw new DriverException(
                $"The script {DisplayText.Of(script)} does not exist: run is called as 'run SCRIPT STAGE' by the "
                    + "runner."
            );
        }

        OwnMemory.Protect();
        using var sandbox = new ScriptSandbox(input).Create(script, record);
        using var running = ScriptProcess.Start(
            new ChildProcessStart(
                "bash",
                [script],
                ScriptEnvironment.Create(input.Runner, input.Settings.Script, input.Job.Paths, record.Builder)
            )
            {
                WorkingDirectory = input.Workspace.Directory,
                Sandbox = sandbox,
                InheritStandardInput = true,
            }
        );
        ChildExit exit;
        PodDiagnosis.Failed? failed;
        try
        {
            (exit, failed) = await UntilOver(running, record, stage, cancel);
        }
        finally
        {
            // Also when the driver itself fails: what runs on would outlive the job and its timeout.
            await EndLeftBehind(running, cancel);
        }

        if (failed is { Kind: FailureKind.System })
            return input.Runner.SystemFailureExitCode;

        var verdict = ScriptResult.Of(
            exit.Code,
            exit.Signal,
            cancel.IsCancellationRequested,
            input.Runner.BuildFailureExitCode
        );
        if (verdict.ExitCodeFileText is { } text && input.Runner.BuildExitCodeFile is { } file)
            PrivateFiles.Write(file, text);
        return verdict.ExitCode;
    }

    /// <summary>How the script ended, and its builder's failure if that is the cause.</summary>
    private async Task<(ChildExit Exit, PodDiagnosis.Failed? Failed)> UntilOver(
        ScriptProcess running,
        AttemptRecord record,
        string stage,
        CancellationToken cancel
    )
    {
        using var over = new CancellationTokenSource();
        var watch = new BuilderWatch(input, record, log);
        var failing = ScriptStage.IsAuthors(stage)
            ? watch.UntilFailed(over.Token)
            : Task.FromResult<PodDiagnosis.Failed?>(null);
        try
        {
            var exit = await End(running, failing, cancel);
            var failed =
                exit.Code == 0 || cancel.IsCancellationRequested || !ScriptStage.IsAuthors(stage)
                    ? null
                    : await watch.Cause(failing);
            return (exit, failed);
        }
        finally
        {
            await over.CancelAsync();
            await failing;
        }
    }

    /// <summary>The script's own end, or the one that it is brought to after the runner's SIGTERM or its builder's
    /// end.</summary>
    private async Task<ChildExit> End(
        ScriptProcess running,
        Task<PodDiagnosis.Failed?> failing,
        CancellationToken cancel
    )
    {
        var cancelled = Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        var first = await Task.WhenAny(running.Exit, cancelled, failing);
        if (first == failing && await failing is null)
            first = await Task.WhenAny(running.Exit, cancelled);
        if (
            first == failing
            && await Task.WhenAny(running.Exit, cancelled, Task.Delay(GraceWithoutBuilder, cancel)) != running.Exit
        )
        {
            running.SignalAll(ChildProcessSignal.Terminate);
        }

        if (first != running.Exit)
        {
            // The runner's own SIGKILL would come later, end this process as well, and miss whoever left the process
            // group.
            await Task.WhenAny(
                running.Exit,
                Task.Delay(TimeSpan.FromSeconds(input.Settings.Script.TerminationGraceSeconds), CancellationToken.None)
            );
            running.Kill();
        }

        return await running.Exit;
    }

    private async Task EndLeftBehind(ScriptProcess running, CancellationToken cancel)
    {
        var left = await running.End(cancel.IsCancellationRequested ? TimeSpan.Zero : GraceForLeftBehind);
        if (left.Count > 0)
            log.WriteToJobLog($"Ended what the script left running: {DisplayText.Of(string.Join(", ", left))}");
    }

    /// <summary>The runner does not reset it: an earlier stage's code would be told as this one's.</summary>
    private static void Reset(string? exitCodeFile)
    {
        if (exitCodeFile is null)
            return;
        try
        {
            File.Delete(exitCodeFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(
                $"The last script's exit code {exitCodeFile} can't be removed: {DisplayText.Of(e.Message)}",
                inner: e
            );
        }
    }

    private static AttemptRecord ReadRecord(JobContext job)
    {
        var record =
            StateFile.Read(job.Paths, job.JobId)
            ?? throw new DriverException(
                $"This attempt was not prepared: {job.Paths.StateFile} does not exist. Is prepare_exec set in "
                    + "config.toml?"
            );
        return record.Ready
            ? record
            : throw new DriverException("This attempt's prepare did not finish: it has no builder.");
    }
}
