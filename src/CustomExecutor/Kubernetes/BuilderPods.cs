using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using k8s;
using k8s.Models;

namespace CustomExecutor.Kubernetes;

/// <summary>The API calls for builders in one namespace; each is tried again as <paramref name="retries"/>
/// say.</summary>
internal sealed class BuilderPods(k8s.Kubernetes client, string @namespace, ApiRetries retries)
{
    /// <summary>
    /// buildkitd waits for a running build before it obeys SIGTERM, and nobody needs that build's result any more.
    /// </summary>
    private static readonly V1DeleteOptions Quickly = new()
    {
        GracePeriodSeconds = 1,
        PropagationPolicy = "Background",
    };

    /// <summary>What is told while calls fail.</summary>
    public ApiOutage Outage => retries.Outage;

    /// <summary>The same calls with a budget of their own.</summary>
    public BuilderPods With(ApiRetries other) => new(client, @namespace, other);

    /// <summary>Asks for the server's version: the first call, which also opens the connection.</summary>
    public Task<ServerVersion> ReadServerVersion(CancellationToken cancel) =>
        retries.Run(
            "ask for its version",
            async end =>
            {
                var version = await Answers.Version(client.Version.GetCodeAsync(end));
                return ServerVersion.Parse(version.Major, version.Minor);
            },
            cancel
        );

    /// <summary>Creates the pod. However often that is tried, there is one.</summary>
    public Task<V1Pod> Create(V1Pod pod, CancellationToken cancel)
    {
        IdempotentCreate.Mark(pod);
        return retries.Run(
            $"create the builder pod in namespace {@namespace}",
            end => IdempotentCreate.Pod(client, @namespace, pod, end),
            cancel
        );
    }

    /// <summary>Creates the secret, in the place of one that an earlier try has made.</summary>
    public Task<V1Secret> Create(V1Secret secret, CancellationToken cancel) =>
        retries.Run(
            $"create the builder's secret in namespace {@namespace}",
            end => IdempotentCreate.Secret(client, @namespace, secret, end),
            cancel
        );

    public Task<V1Pod> Read(string name, CancellationToken cancel) =>
        retries.Run(
            $"read the builder pod {name}",
            end => Answers.Pod(client.CoreV1.ReadNamespacedPodAsync(name, @namespace, cancellationToken: end), name),
            cancel
        );

    /// <summary>The pod, or null if it is not there (any more).</summary>
    public async Task<V1Pod?> Find(string name, CancellationToken cancel)
    {
        try
        {
            return await Read(name, cancel);
        }
        catch (DriverException e) when (e.InnerException is { } cause && ApiExceptions.IsNotFound(cause))
        {
            return null;
        }
    }

    /// <summary>All builders that are labelled as one job's, terminating ones included.</summary>
    public Task<IList<V1Pod>> Of(string instance, long jobId, CancellationToken cancel) =>
        retries.Run(
            $"list the builder pods in namespace {@namespace}",
            async end =>
                (
                    await Answers.Pods(
                        client.CoreV1.ListNamespacedPodAsync(
                            @namespace,
                            labelSelector: BuilderLabels.SelectorOf(instance, jobId),
                            cancellationToken: end
                        )
                    )
                ).Items,
            cancel
        );

    /// <summary>Whether a builder's secret exists, asked by a deletion that is not carried out: the driver has no right
    /// to read secrets.</summary>
    public Task<bool> HasSecret(string name, CancellationToken cancel) =>
        retries.Run(
            $"ask for the secret {name}",
            end =>
                IdempotentCreate.Gone(() =>
                    Answers.DeletedSecret(
                        client.CoreV1.DeleteNamespacedSecretAsync(
                            name,
                            @namespace,
                            dryRun: "All",
                            cancellationToken: end
                        )
                    )
                ),
            cancel
        );

    /// <summary>Deletes a builder's pod and secret; what is gone already is fine. It does not wait for the
    /// kubelet.</summary>
    public Task Delete(string name, CancellationToken cancel) =>
        Task.WhenAll(
            retries.Run(
                $"delete the builder pod {name}",
                end =>
                    IdempotentCreate.Gone(() =>
                        Answers.DeletedPod(
                            client.CoreV1.DeleteNamespacedPodAsync(name, @namespace, Quickly, cancellationToken: end),
                            name
                        )
                    ),
                cancel
            ),
            retries.Run(
                $"delete the secret {name}",
                end =>
                    IdempotentCreate.Gone(() =>
                        Answers.DeletedSecret(
                            client.CoreV1.DeleteNamespacedSecretAsync(name, @namespace, cancellationToken: end)
                        )
                    ),
                cancel
            )
        );

    /// <summary>The end of a container's log, also of one that has ended, as long as its pod is there.</summary>
    /// <param name="name">The pod's name.</param>
    /// <param name="container">The container's.</param>
    /// <param name="age">How old lines may be at the most; null for any age.</param>
    /// <param name="cancel">Ends it.</param>
    public Task<string> LogTail(string name, string container, TimeSpan? age, CancellationToken cancel) =>
        retries.Run(
            $"read the log of the builder pod {name}",
            async end =>
            {
                // A stack trace of buildkitd's is some 20 lines, its help 60.
                const int lines = 100,
                    bytes = 256 * 1024;
                await using var log = await client.CoreV1.ReadNamespacedPodLogAsync(
                    name,
                    @namespace,
                    container: container,
                    tailLines: lines,
                    limitBytes: bytes,
                    sinceSeconds: (int?)age?.TotalSeconds + 1,
                    cancellationToken: end
                );
                using var text = new StreamReader(log);
                return await text.ReadToEndAsync(end);
            },
            cancel
        );

    /// <summary>The changes of one pod from a version of it on; see <see cref="ResumedWatch{T}.Silence"/>.</summary>
    public IAsyncEnumerable<WatchEvent<V1Pod>> Watch(V1Pod pod, TimeSpan silence, CancellationToken cancel) =>
        new ResumedWatch<V1Pod>(
            client,
            $"api/v1/namespaces/{@namespace}/pods",
            $"metadata.name={pod.Metadata.Name}",
            "watch the builder pod",
            retries
        ).Read(pod.Metadata.ResourceVersion, silence, cancel);

    /// <summary>The events of one pod, those that happened before included.</summary>
    public IAsyncEnumerable<WatchEvent<Corev1Event>> WatchEvents(V1Pod pod, CancellationToken cancel) =>
        new ResumedWatch<Corev1Event>(
            client,
            $"api/v1/namespaces/{@namespace}/events",
            $"involvedObject.uid={pod.Metadata.Uid}",
            "watch the builder's events",
            retries
        ).Read(null, silence: null, cancel);
}
