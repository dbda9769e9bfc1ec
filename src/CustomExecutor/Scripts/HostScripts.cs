using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Scripts;
using CustomExecutor.Host.Logging;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Scripts;

/// <summary>Scripts on the runner's host: a bash for each, confined to its own job.</summary>
internal sealed class HostScripts(StageInput input, AttemptRecord record, StageLog log, TimeProvider time)
    : IScriptPlace
{
    /// <summary>For a background process to end in its own way once the script is over.</summary>
    private static readonly TimeSpan GraceForLeftBehind = TimeSpan.FromSeconds(1);

    public async Task<ScriptEnding> Run(string script, string stage, CancellationToken cancel)
    {
        OwnMemory.Protect();
        using var sandbox = new ScriptSandbox(input).Create(script, record);
        using var running = ScriptProcess.Start(
            new ChildProcessStart(
                "bash",
                [script],
                ScriptEnvironment.Create(
                    input.Runner,
                    input.Settings.Scripts,
                    input.Job.Paths,
                    record.Builder,
                    record.HasEngine
                )
            )
            {
                WorkingDirectory = input.Workspace.Directory,
                Sandbox = sandbox,
                InheritStandardInput = true,
            },
            time
        );
        try
        {
            var (exit, failed) = await UntilOver(running, stage, cancel);
            return new ScriptEnding(exit.Code, exit.Signal, failed?.Kind);
        }
        finally
        {
            // Also when the driver itself fails: what runs on would outlive the job and its timeout.
            await EndLeftBehind(running, cancel);
        }
    }

    /// <summary>How the script ended, and its builder's failure if that is the cause.</summary>
    private async Task<(ChildExit Exit, PodDiagnosis.Failed? Failed)> UntilOver(
        ScriptProcess running,
        string stage,
        CancellationToken cancel
    )
    {
        var grace = TimeSpan.FromSeconds(input.Settings.Scripts.TerminationGraceSeconds);
        var end = new ScriptEnd(running, grace, time);
        if (!ScriptStage.IsAuthors(stage))
            return (await end.Wait(Task.FromResult<PodDiagnosis.Failed?>(null), cancel), null);

        using var over = new CancellationTokenSource();
        var watch = new BuilderWatch(
            input,
            record,
            FollowedContainers.BuilderAlone,
            new BuilderConnection(record.Endpoint, log, time),
            log,
            time
        );
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
        var all = await running.End(cancel.IsCancellationRequested ? TimeSpan.Zero : GraceForLeftBehind);
        // The script's docker has started the job's Engine API, which is to run until now.
        var left = all.Where(name => name != EngineOnHost.ProcessName).ToList();
        if (left.Count > 0)
            log.WriteToJobLog($"Ended what the script left running: {DisplayText.Of(string.Join(", ", left))}");
    }
}
