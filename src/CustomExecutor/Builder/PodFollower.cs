using CustomExecutor.Core;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>Follows one pod through every state it has, over watches that end, connections that break and watches that
/// go silent.</summary>
internal sealed class PodFollower(BuilderPods pods, StageLog log)
{
    /// <summary>A watch that says nothing for so long may be dead; the pod itself tells.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly BuilderPods _once = pods.With(ApiRetries.None(Silence));

    /// <summary>Calls <paramref name="onState"/> for each state, its last one included; returns when the pod is
    /// gone.</summary>
    /// <exception cref="DriverException">The pod may not be watched.</exception>
    public async Task Follow(V1Pod pod, Action<V1Pod> onState, CancellationToken cancel)
    {
        try
        {
            V1Pod? now = pod;
            while (now is not null)
                now = await UntilTheWatchIsDead(now, onState, cancel);
        }
        catch (Exception e) when (ApiFaultReader.Of(e) is not null)
        {
            throw ApiExceptions.Of(e, "watch the builder pod");
        }
    }

    /// <summary>What a watch has missed is in the object.</summary>
    /// <returns>The pod, of a later version than the watch has told; null when it is gone.</returns>
    private async Task<V1Pod?> UntilTheWatchIsDead(V1Pod pod, Action<V1Pod> onState, CancellationToken cancel)
    {
        await foreach (var change in pods.Watch(pod, Silence, cancel))
        {
            if (change.Type == ResumedWatch<V1Pod>.Silence)
            {
                var now = await Reread(pod, cancel);
                if (now?.Metadata.ResourceVersion == pod.Metadata.ResourceVersion)
                    continue;
                log.Admin.Warning(
                    "The watch of the builder pod is silent though the pod has changed: it is opened anew"
                );
                if (now is not null)
                    onState(now);
                return now;
            }

            pod = change.Object;
            onState(pod);
            if (change.Type == "DELETED")
                return null;
        }

        throw new OperationCanceledException(cancel);
    }

    /// <summary>The pod as it is, or as it was last seen if it can't be read just now; null when it is gone.</summary>
    private async Task<V1Pod?> Reread(V1Pod pod, CancellationToken cancel)
    {
        try
        {
            var now = await _once.Find(pod.Metadata.Name, cancel);
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
