using System.Net;
using CustomExecutor.Cluster;
using CustomExecutor.Host;
using k8s.Models;

namespace CustomExecutor.Stages;

/// <summary>Follows what happens to one pod. Events only explain what the pod's own state decides, so nothing fails without them.</summary>
internal sealed class EventFollower(BuilderPods pods, StageLog log)
{
    private static readonly TimeSpan BeforeNewWatch = TimeSpan.FromSeconds(1);

    /// <summary>Calls <paramref name="onEvent"/> for each event, for some of them again when a watch has ended, until it is cancelled.</summary>
    public async Task Follow(V1Pod pod, Action<Corev1Event> onEvent, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await foreach (var change in pods.WatchEvents(pod, cancel))
                    if (change.Type is "ADDED" or "MODIFIED")
                        onEvent(change.Object);
            }
            catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            {
                log.Admin.Warning(e, "The builder's events may not be read");
                return;
            }
            catch (Exception e) when (ApiFailure.IsOne(e))
            {
                log.Admin.Debug(e, "The watch of the builder's events broke off");
            }

            await Task.Delay(BeforeNewWatch, cancel);
        }
    }
}
