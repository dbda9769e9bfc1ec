using System.Net;
using CustomExecutor.Cluster;
using CustomExecutor.Core.Job;
using CustomExecutor.Host;
using k8s.Models;

namespace CustomExecutor.Stages;

/// <summary>Follows one pod through every state it has, over watches that end and connections that break.</summary>
internal sealed class PodFollower(BuilderPods pods, StageLog log)
{
    private static readonly TimeSpan BeforeNewWatch = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls <paramref name="onState"/> for each state, its last one included; returns when the pod is gone.</summary>
    /// <exception cref="DriverException">The pod may not be watched.</exception>
    public async Task Follow(V1Pod pod, Action<V1Pod> onState, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await foreach (var change in pods.Watch(pod, cancel))
                {
                    pod = change.Object;
                    onState(pod);
                    if (change.Type == "DELETED") return;
                }
            }
            catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            {
                throw new DriverException($"Kubernetes refused to watch pods: {e.Message}\nconfig/kubernetes/role.yaml lists the rights that are needed.", inner: e);
            }
            catch (Exception e) when (ApiFailure.IsOne(e))
            {
                log.Admin.Debug(e, "The watch of the builder pod broke off");
            }

            // The server ends watches from time to time; what happened meanwhile is in the object.
            await Task.Delay(BeforeNewWatch, cancel);
            if (await Reread(pod, cancel) is not { } now) return;
            pod = now;
            onState(pod);
        }
    }

    private async Task<V1Pod?> Reread(V1Pod pod, CancellationToken cancel)
    {
        try
        {
            return await pods.Find(pod.Metadata.Name, cancel);
        }
        catch (DriverException e)
        {
            log.Admin.Debug(e, "The builder pod can't be read just now");
            return pod;
        }
    }
}
