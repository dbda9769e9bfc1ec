using System.Net;
using CustomExecutor.Core.Builder;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Kubernetes;

/// <summary>The API calls of gc: all builders of a namespace, and the deletion of exactly the one that was
/// judged. Each is tried once; gc comes again.</summary>
internal sealed class BuilderCensus(k8s.Kubernetes client, string @namespace, TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public string Namespace => @namespace;

    /// <summary>The builders of an instance, or of all, and the API server's clock.</summary>
    public Task<(IList<V1Pod> Pods, DateTimeOffset? ServerTime)> Take(string? instance, CancellationToken cancel) =>
        Call(
            $"list the builder pods in namespace {@namespace}",
            async end =>
            {
                using var answer = await Answers.Pods(
                    client.CoreV1.ListNamespacedPodWithHttpMessagesAsync(
                        @namespace,
                        labelSelector: BuilderLabels.SelectorOfBuilders(instance),
                        cancellationToken: end
                    )
                );
                return (answer.Body.Items, answer.Response.Headers.Date);
            },
            cancel
        );

    /// <summary>Deletes a pod, and no other that has its name by now, and its secret.</summary>
    /// <returns>False if somebody else was faster.</returns>
    public async Task<bool> Delete(V1Pod pod, CancellationToken cancel)
    {
        // The pod last: as long as it is there, the next gc finds both. So it is asked first whether it is still
        // the one that was judged.
        if (await DeletePod(pod, dryRun: true, cancel) == HttpStatusCode.Conflict)
            return false;
        await DeleteSecret(pod.Metadata.Name, cancel);
        return await DeletePod(pod, dryRun: false, cancel) == HttpStatusCode.OK;
    }

    private Task<HttpStatusCode> DeletePod(V1Pod pod, bool dryRun, CancellationToken cancel)
    {
        var (name, options) = (
            pod.Metadata.Name,
            new V1DeleteOptions
            {
                GracePeriodSeconds = (long)Grace.TotalSeconds,
                PropagationPolicy = "Background",
                Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid },
                // Here and not in the query, which the server does not read beside a body.
                DryRun = dryRun ? ["All"] : null,
            }
        );
        return Status(
            $"delete the builder pod {name}",
            end =>
                Answers.DeletedPod(
                    client.CoreV1.DeleteNamespacedPodAsync(name, @namespace, options, cancellationToken: end),
                    name
                ),
            cancel
        );
    }

    /// <summary>Deletes the secret of a builder whose pod is gone; Kubernetes does so too, sooner or later.</summary>
    /// <returns>False if there is none.</returns>
    public async Task<bool> DeleteSecret(string name, CancellationToken cancel)
    {
        var status = await Status(
            $"delete the secret {name}",
            end =>
                Answers.DeletedSecret(
                    client.CoreV1.DeleteNamespacedSecretAsync(name, @namespace, cancellationToken: end)
                ),
            cancel
        );
        return status == HttpStatusCode.OK;
    }

    private Task<HttpStatusCode> Status<T>(
        string doing,
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancel
    ) =>
        Call(
            doing,
            async end =>
            {
                try
                {
                    await call(end);
                    return HttpStatusCode.OK;
                }
                catch (HttpOperationException e)
                    when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    return e.Response.StatusCode;
                }
            },
            cancel
        );

    private Task<T> Call<T>(string doing, Func<CancellationToken, Task<T>> call, CancellationToken cancel) =>
        ApiRetries.None(time).Run(doing, call, cancel);
}
