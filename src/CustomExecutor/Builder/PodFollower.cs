using System.Threading.Channels;
using CustomExecutor.Core;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>Follows one pod through every state it has, over watches that end, connections that break and watches that
/// go silent.</summary>
internal sealed class PodFollower(BuilderPods pods, StageLog log, TimeProvider time)
{
    /// <summary>A watch that says nothing for so long may be dead; the pod itself tells.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly BuilderPods _once = pods.With(ApiRetries.None(time, Silence));

    /// <summary>Writes each state, the given one first and its last one included; ends when the pod is gone.</summary>
    /// <exception cref="DriverException">The pod may not be watched.</exception>
    public async Task Follow(V1Pod pod, ChannelWriter<BuilderChange> changes, CancellationToken end)
    {
        for (V1Pod? now = pod; now is not null; now = await UntilTheWatchIsDead(now, changes, end))
            changes.TryWrite(new BuilderChange.PodSeen(now));
        changes.TryWrite(new BuilderChange.PodGone());
    }

    /// <summary>What a watch has missed is in the object.</summary>
    /// <returns>The pod, of a later version than the watch has told; null when it is gone.</returns>
    private async Task<V1Pod?> UntilTheWatchIsDead(
        V1Pod pod,
        ChannelWriter<BuilderChange> changes,
        CancellationToken end
    )
    {
        await foreach (var change in pods.Watch(pod, Silence, end))
        {
            if (change.Type == ResumedWatch<V1Pod>.Silence)
            {
                var now = await Reread(pod, end);
                if (now?.Metadata.ResourceVersion == pod.Metadata.ResourceVersion)
                    continue;
                log.Admin.Warning(
                    "The watch of the builder pod is silent though the pod has changed: it is opened anew"
                );
                return now;
            }

            pod = change.Object;
            changes.TryWrite(new BuilderChange.PodSeen(pod));
            if (change.Type == "DELETED")
                return null;
        }

        throw new OperationCanceledException(end);
    }

    /// <summary>The pod as it is, or as it was last seen if it can't be read just now; null when it is gone.</summary>
    private async Task<V1Pod?> Reread(V1Pod pod, CancellationToken end)
    {
        try
        {
            var now = await _once.Find(pod.Metadata.Name, end);
            pods.Outage.Over();
            return now;
        }
        catch (DriverException e)
        {
            log.Admin.Warning(e, "The builder pod can't be read just now");
            return pod;
        }
    }
}
