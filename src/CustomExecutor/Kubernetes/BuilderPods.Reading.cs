using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using k8s;
using k8s.Models;

namespace CustomExecutor.Kubernetes;

/// <content>Calls that read.</content>
internal sealed partial class BuilderPods
{
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

    /// <summary>The builders of an instance, or of all, and the API server's clock.</summary>
    public Task<(IList<V1Pod> Pods, DateTimeOffset? ServerTime)> List(string? instance, CancellationToken cancel) =>
        retries.Run(
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

    /// <summary>The end of buildkitd's log, also of one that has ended, as long as its pod is there.</summary>
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

    /// <summary>A container's log as the node still has it, each line behind its time.</summary>
    /// <param name="name">The pod's name.</param>
    /// <param name="container">The container's.</param>
    /// <param name="age">How old lines may be at the most, by the node's clock; null for any age.</param>
    /// <param name="cancel">Ends it.</param>
    public Task<string> TimedLog(string name, string container, TimeSpan? age, CancellationToken cancel) =>
        retries.Run(
            $"read the log of container {container} of pod {name}",
            async end =>
            {
                await using var log = await client.CoreV1.ReadNamespacedPodLogAsync(
                    name,
                    @namespace,
                    container: container,
                    timestamps: true,
                    sinceSeconds: (int?)age?.TotalSeconds + 1,
                    cancellationToken: end
                );
                using var text = new StreamReader(log);
                return await text.ReadToEndAsync(end);
            },
            cancel
        );
}
