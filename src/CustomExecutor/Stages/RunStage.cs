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
internal sealed class RunStage(StageInput input, StageLog log, TimeProvider time)
{
    /// <summary>For a background process to end in its own way once the script is over.</summary>
    private static readonly TimeSpan GraceForLeftBehind = TimeSpan.FromSeconds(1);

    /// <summary>Runs the script and tells the runner how it ended.</summary>
    /// <param name="script">The runner's script file.</param>
    /// <param name="stage">The script stage's name.</param>
    /// <param name="cancel">The runner has sent SIGTERM; the script has had it too and ends in its own way.</param>
    /// <exception cref="DriverException">The attempt was not prepared, or bash can't be started.</exception>
    public async Task<int> Run(string script, string stage, CancellationToken cancel)
    {
        Reset(input.Runner.BuildExitCodeFile);
        var state = ReadState(input.Job);
        if (!File.Exists(script))
        {
            throw new DriverException(
                $"The script {DisplayText.Of(script)} does not exist: run is called as 'run SCRIPT STAGE' by the "
                    + "runner."
            );
        }

        OwnMemory.Protect();
        using var sandbox = new ScriptSandbox(input).Create(script, state);
        using var running = ScriptProcess.Start(
            new ChildProcessStart(
                "bash",
                [script],
                ScriptEnvironment.Create(input.Runner, input.Settings.Script, input.Job.Paths, state.Builder)
            )
            {
                WorkingDirectory = input.Workspace.Directory,
                Sandbox = sandbox,
                InheritStandardInput = true,
            },
            time
        );
        ChildExit exit;
        PodDiagnosis.Failed? failed;
        try
        {
            (exit, failed) = await UntilOver(running, state, stage, cancel);
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
        AttemptState state,
        string stage,
        CancellationToken cancel
    )
    {
        var grace = TimeSpan.FromSeconds(input.Settings.Script.TerminationGraceSeconds);
        var end = new ScriptEnd(running, grace, time);
        if (!ScriptStage.IsAuthors(stage))
            return (await end.Wait(Task.FromResult<PodDiagnosis.Failed?>(null), cancel), null);

        using var over = new CancellationTokenSource();
        var watch = new BuilderWatch(input, state, log, time);
        var failing = watch.UntilFailed(over.Token);
        try
        {
            var exit = await end.Wait(failing, cancel);
            var isBuilderToBeAsked = exit.Code != 0 && !cancel.IsCancellationRequested;
            return (exit, isBuilderToBeAsked ? await watch.Cause(failing) : null);
        }
        finally
        {
            await over.CancelAsync();
            await failing;
        }
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

    private static AttemptState ReadState(JobContext job)
    {
        var path = job.Paths.StateFile;
        var text =
            PrivateFiles.Read(path)
            ?? throw new DriverException(
                $"This attempt was not prepared: {path} does not exist. Is prepare_exec set in config.toml?"
            );
        var state = AttemptState.Parse(text, path, job.JobId);
        return state.Ready
            ? state
            : throw new DriverException("This attempt's prepare did not finish: it has no builder.");
    }
}
