using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;

namespace CustomExecutor.Testing.Jobs;

/// <summary>All that a job meets: a runner's host, a namespace of the real API server, and a node that starts real
/// builders.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private Bench(TestNamespace @namespace, RunnerHost host) =>
        (Namespace, Host, Node) = (@namespace, host, new NodeAgent(@namespace));

    public TestNamespace Namespace { get; }

    public NodeAgent Node { get; }

    public RunnerHost Host { get; }

    public static async Task<Bench> Create(Action<JsonObject>? settings = null)
    {
        var kubeconfig = await File.ReadAllTextAsync(TestCluster.Kubeconfig);
        var @namespace = await TestNamespace.Create();
        return new Bench(@namespace, new RunnerHost(kubeconfig, @namespace.Name, settings));
    }

    public JobAttempt Attempt(PlayedJob job) => Host.Attempt(job);

    /// <summary>A job that is ready to run.</summary>
    public async Task<JobAttempt> Ready(PlayedJob job)
    {
        var attempt = Attempt(job);
        await attempt.BecomeReady();
        return attempt;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Namespace.DisposeAsync();
        Host.Dispose();
    }
}
