using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;
using k8s.Models;

namespace CustomExecutor.Testing.Faults;

/// <summary>A namespace with a node, an account with the driver's rights alone, and jobs that each meet the API through
/// a proxy of their own.</summary>
public sealed class FaultBench : IAsyncLifetime
{
    private static int _lastJob = 5000;

    private string _kubeconfig = "";

    internal TestNamespace Namespace { get; private set; } = null!;

    internal NodeAgent Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Namespace = await TestNamespace.Create();
        Node = new NodeAgent(Namespace);
        _kubeconfig = await Namespace.KubeconfigOfAccount("driver", DriverRole.Rules);
    }

    /// <summary>A job that has not begun.</summary>
    internal async Task<FaultedJob> Job(Action<JsonObject>? settings = null, params FaultRule[] rules)
    {
        var proxy = await ApiProxy.Start();
        proxy.Rules = rules;
        var host = new RunnerHost(proxy.KubeconfigFrom(_kubeconfig), Namespace.Name, settings);
        return new FaultedJob(
            this,
            proxy,
            host,
            host.Attempt(new PlayedJob { Id = Interlocked.Increment(ref _lastJob) })
        );
    }

    internal Task<FaultedJob> Job(params FaultRule[] rules) => Job(null, rules);

    internal async Task<IEnumerable<V1Pod>> PodsOf(long job) => (await Namespace.Pods()).Where(p => IsOf(p, job));

    internal async Task<IEnumerable<V1Secret>> SecretsOf(long job) =>
        (await Namespace.Secrets()).Where(s => IsOf(s, job));

    internal int PodsEver(long job) => Node.Seen.Count(p => IsOf(p, job));

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Namespace.DisposeAsync();
    }

    private static bool IsOf(IMetadata<V1ObjectMeta> thing, long job) =>
        thing.Metadata.Labels?.TryGetValue(BuilderLabels.JobId, out var id) == true && id == $"{job}";
}
