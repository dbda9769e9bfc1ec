using System.Collections.Concurrent;
using System.Net;
using CustomExecutor.Kubernetes;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Testing.Cluster;

/// <summary>Plays the scheduler and the kubelet for one namespace: what it tells the API server of pods is what a node
/// would tell.</summary>
internal sealed class NodeAgent : IAsyncDisposable
{
    public const string NodeName = "node-1";

    private readonly TestNamespace _namespace;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, PodOnNode> _pods = new();
    private readonly ConcurrentQueue<V1Pod> _seen = [];
    private readonly ConcurrentBag<Task> _starts = [];
    private readonly Task _watching;

    public NodeAgent(TestNamespace @namespace)
    {
        _namespace = @namespace;
        _watching = Watch();
    }

    /// <summary>What happens to a pod that appears; at first, all goes well.</summary>
    public Func<PodOnNode, Task> Starts { get; set; } = pod => pod.StartBuildkitd();

    /// <summary>Every pod that there has ever been.</summary>
    public IEnumerable<V1Pod> Seen => _seen.DistinctBy(p => p.Metadata.Uid);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        await Task.WhenAll(_starts);
        foreach (var pod in _pods.Values)
            await pod.DisposeAsync();
        _end.Dispose();
    }

    private async Task Watch()
    {
        try
        {
            await foreach (
                var change in new ResumedWatch<V1Pod>(
                    TestCluster.Admin,
                    $"api/v1/namespaces/{_namespace.Name}/pods",
                    "",
                    "watch the pods",
                    ApiRetries.None(TimeProvider.System)
                ).Read(null, null, _end.Token)
            )
            {
                await See(change);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task See(WatchEvent<V1Pod> change)
    {
        var pod = change.Object;
        _seen.Enqueue(pod);
        if (change.Type == "DELETED")
        {
            if (_pods.TryRemove(pod.Metadata.Uid, out var gone))
                await gone.DisposeAsync();
        }
        else if (pod.Metadata.DeletionTimestamp is not null)
        {
            if (_pods.TryRemove(pod.Metadata.Uid, out var ending))
                await ending.DisposeAsync();
            await _namespace.DeleteNow(pod);
        }
        else if (_pods.TryAdd(pod.Metadata.Uid, new PodOnNode(pod, _end.Token)))
        {
            _starts.Add(Start(_pods[pod.Metadata.Uid]));
        }
    }

    private async Task Start(PodOnNode pod)
    {
        try
        {
            await Starts(pod);
        }
        catch (HttpOperationException e)
            when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // The pod was deleted meanwhile.
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        catch (Exception e)
        {
            TestContext.Current.AddWarning($"The node could not do its part: {e}");
        }
    }
}
