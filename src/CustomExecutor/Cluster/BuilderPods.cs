using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Job;
using k8s;
using k8s.Models;

namespace CustomExecutor.Cluster;

/// <summary>The API calls for builders in one namespace.</summary>
internal sealed class BuilderPods(Kubernetes client, string @namespace)
{
    /// <summary>
    /// buildkitd waits for a running build before it obeys SIGTERM, and nobody needs that build's result any more.
    /// </summary>
    private static readonly V1DeleteOptions Quickly = new() { GracePeriodSeconds = 1, PropagationPolicy = "Background" };

    /// <summary>Asks for the server's version: the first call, which also opens the connection.</summary>
    public Task<ServerVersion> ReadServerVersion(CancellationToken cancel) => Call("ask for its version", async () =>
    {
        var version = await client.Version.GetCodeAsync(cancel);
        return ServerVersion.Parse(version.Major, version.Minor);
    });

    public Task<V1Pod> Create(V1Pod pod, CancellationToken cancel) =>
        Call($"create the builder pod in namespace {@namespace}", () => client.CoreV1.CreateNamespacedPodAsync(pod, @namespace, cancellationToken: cancel));

    public Task<V1Secret> Create(V1Secret secret, CancellationToken cancel) =>
        Call($"create the builder's secret in namespace {@namespace}", () => client.CoreV1.CreateNamespacedSecretAsync(secret, @namespace, cancellationToken: cancel));

    public Task<V1Pod> Read(string name, CancellationToken cancel) =>
        Call($"read the builder pod {name}", () => client.CoreV1.ReadNamespacedPodAsync(name, @namespace, cancellationToken: cancel));

    /// <summary>The pod, or null if it is not there (any more).</summary>
    public async Task<V1Pod?> Find(string name, CancellationToken cancel)
    {
        try
        {
            return await Read(name, cancel);
        }
        catch (DriverException e) when (e.InnerException is { } cause && ApiFailure.IsNotFound(cause))
        {
            return null;
        }
    }

    /// <summary>All builders that are labelled as one job's, terminating ones included.</summary>
    public Task<IList<V1Pod>> Of(string instance, long jobId, CancellationToken cancel) =>
        Call($"list the builder pods in namespace {@namespace}", async () =>
            (await client.CoreV1.ListNamespacedPodAsync(@namespace, labelSelector: BuilderLabels.SelectorOf(instance, jobId), cancellationToken: cancel)).Items);

    /// <summary>Whether a builder's secret exists, asked by a deletion that is not carried out: the driver has no right to read secrets.</summary>
    public Task<bool> HasSecret(string name, CancellationToken cancel) => Call($"ask for the secret {name}", async () =>
    {
        try
        {
            await client.CoreV1.DeleteNamespacedSecretAsync(name, @namespace, dryRun: "All", cancellationToken: cancel);
            return true;
        }
        catch (Exception e) when (ApiFailure.IsNotFound(e))
        {
            return false;
        }
    });

    /// <summary>Deletes a builder's pod and secret; what is gone already is fine. It does not wait for the kubelet.</summary>
    public Task Delete(string name, CancellationToken cancel) => Task.WhenAll(
        Gone($"delete the builder pod {name}", () => client.CoreV1.DeleteNamespacedPodAsync(name, @namespace, Quickly, cancellationToken: cancel)),
        Gone($"delete the secret {name}", () => client.CoreV1.DeleteNamespacedSecretAsync(name, @namespace, cancellationToken: cancel)));

    /// <summary>The end of buildkitd's log, also of one that has ended, as long as its pod is there.</summary>
    public Task<string> LogTail(string name, CancellationToken cancel) => Call($"read the log of the builder pod {name}", async () =>
    {
        // A stack trace of buildkitd's is some 20 lines, its help 60.
        const int lines = 100, bytes = 256 * 1024;
        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync(name, @namespace, container: PodManifest.Container, tailLines: lines, limitBytes: bytes, cancellationToken: cancel);
        using var text = new StreamReader(log);
        return await text.ReadToEndAsync(cancel);
    });

    /// <summary>The changes of one pod from a version of it on.</summary>
    public IAsyncEnumerable<WatchEvent<V1Pod>> Watch(V1Pod pod, CancellationToken cancel) => ResourceWatch.Read<V1Pod>(
        client, $"api/v1/namespaces/{@namespace}/pods", $"metadata.name={pod.Metadata.Name}", pod.Metadata.ResourceVersion, cancel);

    /// <summary>The events of one pod, those that happened before included.</summary>
    public IAsyncEnumerable<WatchEvent<Corev1Event>> WatchEvents(V1Pod pod, CancellationToken cancel) => ResourceWatch.Read<Corev1Event>(
        client, $"api/v1/namespaces/{@namespace}/events", $"involvedObject.uid={pod.Metadata.Uid}", null, cancel);

    private static async Task Gone<T>(string doing, Func<Task<T>> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (ApiFailure.IsNotFound(e))
        {
            // As it should be.
        }
        catch (Exception e) when (ApiFailure.IsOne(e))
        {
            throw ApiFailure.Of(e, doing);
        }
    }

    private static async Task<T> Call<T>(string doing, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (ApiFailure.IsOne(e))
        {
            throw ApiFailure.Of(e, doing);
        }
    }
}
