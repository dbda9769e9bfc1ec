using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Scripts in the containers of the job's pod: the runner's own in the helper, the author's in the image of
/// the job.</summary>
internal sealed class PodScripts(StageInput input, AttemptRecord record, PodRecord pod, StageLog log, TimeProvider time)
    : IScriptPlace
{
    /// <summary>For a script to find out by itself that its builder is gone, and to say so in its own way.</summary>
    private static readonly TimeSpan GraceWithoutBuilder = TimeSpan.FromSeconds(10);

    /// <summary>For the kubelet to say why a container is gone: it looks once a second.</summary>
    private static readonly TimeSpan ForTheCause = TimeSpan.FromSeconds(8);

    private TimeSpan Grace => TimeSpan.FromSeconds(input.Settings.Scripts.TerminationGraceSeconds);

    public async Task<ScriptEnding> Run(string script, string stage, CancellationToken cancel)
    {
        var text = await File.ReadAllBytesAsync(script, cancel);
        using var client = ClusterAccess.Open(input.Settings.Kubernetes, time, log.Admin);
        var isAuthors = ScriptStage.IsAuthors(stage);
        var note = new RunningScript(input.Job.Paths.RunningFile, record, Grace, client, log, time);
        await note.EndLeft(cancel);
        var services = new EndedServices(input, record, pod, client, log, time);
        if (isAuthors)
        {
            await new JobPodStart(input, record, pod, client, log, time).Wait(cancel);
            await services.Tell(cancel);
        }

        var watch = Watch(client, isAuthors);
        await using var output = new ScriptOutput(Console.OpenStandardOutput());
        using var executed = new CancellationTokenSource();
        var showing = new ShownServices(input, record, client, output, log, time).Show(executed.Token);
        using var over = new CancellationTokenSource();
        var failing = isAuthors ? watch.UntilFailed(over.Token) : Task.FromResult<PodDiagnosis.Failed?>(null);
        try
        {
            var result = await Execute(client, note, text, output, stage, failing, cancel);
            await executed.CancelAsync();
            await showing;
            if (isAuthors)
                await services.TellAfter(result, cancel);
            return await EndingOf(result, stage, watch, failing, cancel);
        }
        finally
        {
            await executed.CancelAsync();
            await over.CancelAsync();
            await showing;
            await failing;
        }
    }

    private async Task<PodScriptResult> Execute(
        ClusterClient client,
        RunningScript note,
        byte[] text,
        ScriptOutput output,
        string stage,
        Task<PodDiagnosis.Failed?> failing,
        CancellationToken cancel
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var request = new PodScriptRequest(
            DriverScript.NewId(),
            new ExecTarget(record.Namespace, record.Builder, JobScriptEnvironment.ContainerOf(stage)),
            text
        )
        {
            Environment = JobScriptEnvironment.Of(stage, input.Settings.Job.ReadOnlyRootFilesystem),
            Grace = Grace,
        };
        note.Begins(request);
        var running = new PodScript(client, log, time).Run(request, output, end.Token);
        if (await Task.WhenAny(running, failing) == failing && await failing is not null)
        {
            await Task.WhenAny(running, Task.Delay(GraceWithoutBuilder, time, cancel));
            await end.CancelAsync();
        }

        var result = await running;
        note.IsOver();
        return result;
    }

    private async Task<ScriptEnding> EndingOf(
        PodScriptResult result,
        string stage,
        BuilderWatch watch,
        Task<PodDiagnosis.Failed?> failing,
        CancellationToken cancel
    )
    {
        switch (result)
        {
            case PodScriptResult.Exited { Code: var code }:
                var failed =
                    code != 0 && ScriptStage.IsAuthors(stage) && !cancel.IsCancellationRequested
                        ? await watch.Cause(failing)
                        : null;
                if (failed is null && MemoryHint(stage, code) is { } hint)
                    log.WriteToJobLog(hint);
                return new ScriptEnding(code, null, failed?.Kind);
            case PodScriptResult.NeverStarted:
                throw new OperationCanceledException(cancel);
            case PodScriptResult.NotRunnable not:
                throw new DriverException(not.Message, ContainerOf(stage).FailureOfImage);
            case PodScriptResult.ContainerGone gone:
                return await Gone(gone, stage, watch, failing);
            case PodScriptResult.Lost lost:
                throw new DriverException($"{lost.Message}\n{Advice.Retry}");
            default:
                throw new InvalidOperationException(result.GetType().Name);
        }
    }

    private async Task<ScriptEnding> Gone(
        PodScriptResult.ContainerGone gone,
        string stage,
        BuilderWatch watch,
        Task<PodDiagnosis.Failed?> failing
    )
    {
        using var bound = new CancellationTokenSource(ForTheCause, time);
        var told = ScriptStage.IsAuthors(stage) ? failing : watch.UntilFailed(bound.Token);
        if (await Task.WhenAny(told, Task.Delay(ForTheCause, time)) == told && await told is { } failed)
            return new ScriptEnding(null, null, failed.Kind) with { Code = KilledCode };
        throw new DriverException(
            $"{ContainerOf(stage).Subject} is gone: {DisplayText.Of(gone.Message, 400)}\n{Advice.Retry}"
        );
    }

    /// <summary>What shells say of a process that was killed.</summary>
    private const int KilledCode = 137;

    /// <summary>The kernel kills the greatest process, which seldom is the container's own.</summary>
    private string? MemoryHint(string stage, int code) =>
        code == KilledCode && ScriptStage.IsAuthors(stage)
            ? $"The script was killed (exit code {KilledCode}): most often it needed more memory than its container "
                + "has"
                + (
                    input.Settings.Job.Resources.Limits.TryGetValue("memory", out var limit)
                        ? $" ({DisplayText.Of(limit)})"
                        : ""
                )
                + ". Let it take less, or ask the runner's admin to raise job.resources.limits.memory."
            : null;

    private PodContainer ContainerOf(string stage) =>
        pod.The(ScriptStage.IsAuthors(stage) ? ContainerRole.Build : ContainerRole.Helper);

    private BuilderWatch Watch(ClusterClient client, bool isAuthors) =>
        new(
            input,
            record,
            new FollowedContainers(
                isAuthors
                    ? [pod.The(ContainerRole.Build), pod.The(ContainerRole.Buildkitd)]
                    : [pod.The(ContainerRole.Helper)],
                pod.Containers
            ),
            new PodBuilderConnection(
                client,
                new ExecTarget(record.Namespace, record.Builder, PodManifest.Container),
                time
            ),
            log,
            time
        );
}
