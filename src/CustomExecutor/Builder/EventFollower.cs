using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>Follows what happens to one pod. Events only explain what the pod's own state decides, so nothing fails
/// without them.</summary>
internal sealed class EventFollower(BuilderPods pods, StageLog log)
{
    /// <summary>Calls <paramref name="onEvent"/> for each event, for some of them again when a watch has begun anew,
    /// until it is cancelled.</summary>
    public async Task Follow(V1Pod pod, Action<Corev1Event> onEvent, CancellationToken cancel)
    {
        try
        {
            await foreach (var change in pods.WatchEvents(pod, cancel))
            {
                if (change.Type is "ADDED" or "MODIFIED")
                    onEvent(change.Object);
            }
        }
        catch (Exception e) when (ApiFaultReader.Of(e) is not null)
        {
            log.Admin.Warning(e, "The driver is not allowed to read the builder's events");
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            InternalError.Record(e);
        }
    }
}
