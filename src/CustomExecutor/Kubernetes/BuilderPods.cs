using CustomExecutor.Core.Kubernetes;
using k8s;
using k8s.Models;

namespace CustomExecutor.Kubernetes;

/// <summary>The API calls for builders in one namespace; each is tried again as <paramref name="retries"/>
/// say.</summary>
internal sealed partial class BuilderPods(k8s.Kubernetes client, string @namespace, ApiRetries retries)
{
    public string Namespace => @namespace;

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
