using CustomExecutor.Core;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Commands.Try;

/// <summary>The job's scripts.</summary>
/// <param name="Sources">A directory that <c>get_sources</c> copies to the project's directory; null for none.</param>
/// <param name="Script">The author's script (<c>build_script</c>).</param>
internal sealed record PlayedScripts(string? Sources, string Script)
{
    /// <summary>Whether scripts run where this host's files are not: the sources then come with a script.</summary>
    public bool InPod { get; init; }
}

/// <summary>A whole job, in the runner's order (<c>common/build.go</c> in its source, v19.3): up to three attempts to
/// prepare, the script stages, cleanup.</summary>
internal sealed class PlayedJobRun(
    PlayedRunner runner,
    PlayedJob job,
    PlayedScripts scripts,
    JobLog log,
    TimeProvider time
)
{
    private const int PrepareAttempts = 3;

    /// <summary>Called between prepare and the first script stage, while the builder runs.</summary>
    public Func<PlayedAttempt, Task> Prepared { get; init; } = _ => Task.CompletedTask;

    /// <summary>Runs the whole job.</summary>
    /// <param name="cancel">
    /// Cancels the job: the current stage is terminated, later ones are skipped, cleanup runs.
    /// </param>
    public async Task<RunnerResult> Run(CancellationToken cancel)
    {
        for (var number = 1; ; number++)
        {
            using var attempt = new PlayedAttempt(runner, job, log.Output);
            var result = await Prepare(attempt, cancel);
            if (result.Outcome == RunnerOutcome.Success)
                return await RunPrepared(attempt, cancel);

            var again =
                result.Outcome == RunnerOutcome.SystemFailure
                && number < PrepareAttempts
                && !cancel.IsCancellationRequested;
            if (!again)
                return await Finish(attempt, result, cancel);
            await Cleanup(attempt);
            log.Warning(
                $"Preparation failed; attempt {number + 1} of {PrepareAttempts} in "
                    + $"{runner.BetweenAttempts.TotalSeconds:0} s"
            );
            await Task.Delay(runner.BetweenAttempts, time, cancel)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<RunnerResult> RunPrepared(PlayedAttempt attempt, CancellationToken cancel)
    {
        RunnerResult result;
        try
        {
            await Prepared(attempt);
            result = await RunScripts(attempt, cancel);
        }
        catch (Exception)
        {
            await Cleanup(attempt);
            throw;
        }

        return await Finish(attempt, result, cancel);
    }

    private async Task<RunnerResult> Prepare(PlayedAttempt attempt, CancellationToken cancel)
    {
        log.Section("Preparing the \"custom\" executor");
        var result = await attempt.Config(cancel);
        if (result.Outcome != RunnerOutcome.Success)
            return result;
        log.Plain($"Using Custom executor with driver {attempt.DriverName}...");
        return await attempt.Prepare(cancel);
    }

    private async Task<RunnerResult> RunScripts(PlayedAttempt attempt, CancellationToken cancel)
    {
        var project = ScriptFile.Quote(attempt.ProjectDirectory);
        var unpack = scripts is { InPod: true, Sources: { } packed } ? SourceArchive.Commands(packed, project) : "";
        // The stages of every job. After a failure, only the last one runs.
        (string Name, string Title, string Commands, bool InProject)[] stages =
        [
            (
                "prepare_script",
                "Preparing environment",
                "echo \"Running on $(hostname) via custom-executor try...\"",
                false
            ),
            ("get_sources", "Getting source", $"mkdir -p {project} {project}.tmp\n{unpack}", false),
            ("build_script", "Executing \"step_script\" stage of the job script", scripts.Script, true),
        ];
        var result = new RunnerResult(RunnerOutcome.Success, null);
        await CopySources(attempt, cancel);
        foreach (var stage in stages)
        {
            if (cancel.IsCancellationRequested)
                break;
            log.Section(stage.Title);
            result = await attempt.Run(stage.Name, stage.Commands, stage.InProject, cancel);
            if (result.Outcome != RunnerOutcome.Success)
                break;
        }

        if (cancel.IsCancellationRequested)
            return result;
        log.Section("Cleaning up project directory and file based variables");
        await attempt.Run("cleanup_file_variables", $"rm -rf {project}.tmp", inProject: false, cancel);
        return result;
    }

    /// <summary>
    /// The runner copies the sources, not a script: a script could fetch a repository, but can't access this directory
    /// of the host.
    /// </summary>
    private async Task CopySources(PlayedAttempt attempt, CancellationToken cancel)
    {
        if (scripts is not { InPod: false, Sources: { } sources })
            return;
        PrivateFiles.MakeDirectory(attempt.ProjectDirectory);
        using var copy = ChildProcess.Start(
            new ChildProcessStart("cp", ["-R", "--", $"{sources}/.", attempt.ProjectDirectory], runner.Environment)
        );
        await using var end = cancel.Register(() => copy.Signal(ChildProcessSignal.Kill));
        if (await copy.Exit is not { Code: 0 } && !cancel.IsCancellationRequested)
            throw new DriverException($"The sources {DisplayText.Of(sources)} can't be copied.");
    }

    private async Task<RunnerResult> Finish(PlayedAttempt attempt, RunnerResult result, CancellationToken cancel)
    {
        await Cleanup(attempt);
        if (cancel.IsCancellationRequested)
            log.Error("Job failed: canceled");
        else if (result.Outcome == RunnerOutcome.Success)
            log.Success("Job succeeded");
        else if (result.Outcome == RunnerOutcome.BuildFailure)
            log.Error($"Job failed: exit status {result.ExitCode} (script_failure)");
        else
            log.Error("Job failed (system failure): (runner_system_failure)");
        return cancel.IsCancellationRequested && result.Outcome == RunnerOutcome.Success
            ? new RunnerResult(RunnerOutcome.BuildFailure, null)
            : result;
    }

    private async Task Cleanup(PlayedAttempt attempt)
    {
        var result = await attempt.Cleanup();
        // The runner only warns: the job's status is already decided.
        if (result.Outcome != RunnerOutcome.Success)
            log.Warning("Cleanup script failed");
    }
}
