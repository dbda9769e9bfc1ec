using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Kubernetes;

/// <content>Calls that delete. They do not wait for the kubelet.</content>
internal sealed partial class BuilderPods
{
    /// <summary>How long the pod waits for its secret: it needs a node, which the secret does not.</summary>
    private static readonly TimeSpan ForTheSecret = TimeSpan.FromSeconds(5);

    /// <summary>Deletes a builder's secret and pod, as far as they are there. The pod last: whoever dies in between
    /// leaves what gc finds both by.</summary>
    public async Task Delete(string name, CancellationToken cancel)
    {
        var secret = DeleteSecret(name, cancel);
        await Task.WhenAny(secret, Task.Delay(ForTheSecret, retries.Time, cancel));
        await Task.WhenAll(DeletePod(name, Quickly(), cancel), secret);
    }

    /// <summary>Deletes a pod, and no other that has its name by now, and its secret.</summary>
    /// <returns>False if somebody else was faster.</returns>
    public async Task<bool> DeleteExactly(V1Pod pod, CancellationToken cancel)
    {
        var (name, options) = (pod.Metadata.Name, Quickly());
        options.Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid };
        // The pod last, as above. So it is asked first whether it is still the one that was judged. That is in the
        // body: the server does not read a query beside one.
        options.DryRun = ["All"];
        if (await DeletePod(name, options, cancel) == HttpStatusCode.Conflict)
            return false;
        await DeleteSecret(name, cancel);
        options.DryRun = null;
        return await DeletePod(name, options, cancel) == HttpStatusCode.OK;
    }

    /// <summary>Deletes the secret of a builder. Kubernetes does so too after the pod's end, sooner or later.</summary>
    /// <returns>False if there is none.</returns>
    public Task<bool> DeleteSecret(string name, CancellationToken cancel) =>
        DeleteSecret($"delete the secret {name}", name, dryRun: null, cancel);

    /// <summary>Whether a builder's secret exists, asked by a deletion that is not carried out: the driver has no right
    /// to read secrets.</summary>
    public Task<bool> HasSecret(string name, CancellationToken cancel) =>
        DeleteSecret($"ask for the secret {name}", name, dryRun: "All", cancel);

    private Task<bool> DeleteSecret(string doing, string name, string? dryRun, CancellationToken cancel) =>
        retries.Run(
            doing,
            end =>
                IdempotentDelete.Run(() =>
                    Answers.DeletedSecret(
                        client.CoreV1.DeleteNamespacedSecretAsync(
                            name,
                            @namespace,
                            dryRun: dryRun,
                            cancellationToken: end
                        )
                    )
                ),
            cancel
        );

    /// <returns>OK, NotFound, or Conflict if it is not the pod that the options mean.</returns>
    private Task<HttpStatusCode> DeletePod(string name, V1DeleteOptions options, CancellationToken cancel) =>
        retries.Run(
            $"delete the builder pod {name}",
            async end =>
            {
                try
                {
                    var isDeleted = await IdempotentDelete.Run(() =>
                        Answers.DeletedPod(
                            client.CoreV1.DeleteNamespacedPodAsync(name, @namespace, options, cancellationToken: end),
                            name
                        )
                    );
                    return isDeleted ? HttpStatusCode.OK : HttpStatusCode.NotFound;
                }
                catch (HttpOperationException e)
                    when (options.Preconditions is not null && e.Response.StatusCode == HttpStatusCode.Conflict)
                {
                    return HttpStatusCode.Conflict;
                }
            },
            cancel
        );

    /// <summary>
    /// buildkitd waits for a running build before it obeys SIGTERM, and nobody needs that build's result any more.
    /// </summary>
    private static V1DeleteOptions Quickly() => new() { GracePeriodSeconds = 1, PropagationPolicy = "Background" };
}
