using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using k8s.Models;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Tells the author, once, of each service that has ended: the job goes on without it, and its own errors
/// seldom say why.</summary>
internal sealed class EndedServices(
    StageInput input,
    AttemptRecord record,
    PodRecord pod,
    ClusterClient client,
    StageLog log,
    TimeProvider time
)
{
    /// <summary>The kubelet looks at its containers once a second.</summary>
    private static readonly TimeSpan UntilTheKubeletKnows = TimeSpan.FromMilliseconds(1500);

    /// <summary>A look is a hint, and no script waits long for one.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly BuilderPods _pods = new(client, record.Namespace, ApiRetries.None(time));

    /// <summary>After a script: one that failed may have done so for a service that ended just before.</summary>
    public async Task TellAfter(PodScriptResult result, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested || Untold().Count == 0)
            return;
        if (result is PodScriptResult.Exited { Code: not 0 })
            await Task.Delay(UntilTheKubeletKnows, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Tell(cancel);
    }

    /// <summary>Looks, and tells what is new. Without services it asks nobody.</summary>
    public async Task Tell(CancellationToken cancel)
    {
        var services = Untold();
        if (services.Count == 0 || cancel.IsCancellationRequested)
            return;
        using var bound = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, bound.Token);
        try
        {
            var statuses = (await _pods.Find(record.Builder, end.Token))?.Status?.ContainerStatuses ?? [];
            foreach (var service in services)
            {
                if (statuses.FirstOrDefault(s => s.Name == service.Name)?.State?.Terminated is { } ended)
                    await Tell(service, ended, end.Token);
            }
        }
        catch (Exception e) when (e is DriverException or OperationCanceledException)
        {
            log.Admin.Warning(e, "The services can't be looked at");
        }
    }

    private async Task Tell(PodContainer service, V1ContainerStateTerminated ended, CancellationToken end)
    {
        var words = await _pods.LogTail(record.Builder, service.Name, null, end);
        log.WriteToJobLog(ServiceEnd.Lines(service, ended, words));
        PrivateFiles.Write(input.Job.Paths.ToldFile(service.Name), "");
    }

    private List<PodContainer> Untold() =>
        [
            .. pod.Containers.Where(c =>
                c.Role is ContainerRole.Service or ContainerRole.Engine
                && !File.Exists(input.Job.Paths.ToldFile(c.Name))
            ),
        ];
}
