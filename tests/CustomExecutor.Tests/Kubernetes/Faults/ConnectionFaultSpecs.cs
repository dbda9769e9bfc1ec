using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>What can happen to the connections themselves.</summary>
public sealed class ConnectionFaultSpecs : IAsyncLifetime
{
    private readonly FaultBench _bench = new();

    public ValueTask InitializeAsync() => _bench.InitializeAsync();

    [Fact]
    public async Task A_handshake_that_is_broken_off_is_tried_again()
    {
        await using var job = await _bench.Job();
        job.Proxy.Front.AbortHandshakes(3);

        await job.Succeeds();

        job.Proxy.Front.Connections.Should().BeGreaterThan(3);
    }

    [Fact]
    public async Task A_server_that_restarts_is_waited_for_and_the_author_is_told_once()
    {
        await using var job = await _bench.Job();
        job.Proxy.Front.Close();
        var preparing = job.Prepare();
        await Eventually.True(() => job.Log.Contains("trying again", StringComparison.Ordinal), "the author is told");

        job.Proxy.Front.Open();

        (await preparing).Outcome.Should().Be(RunnerOutcome.Success, job.Record);
        job.Attempt.Log.Lines.Where(l => l.Contains("The Kubernetes API is not answering (", StringComparison.Ordinal))
            .Should()
            .ContainSingle();
        await job.IsCleanedUp();
    }

    [Fact]
    public async Task A_server_that_restarts_while_the_builder_starts_is_waited_for()
    {
        await using var job = await _bench.Job();
        _bench.Node.Starts = async pod =>
        {
            await Eventually.True(() => job.Count("WATCH pods") == 1, "the pod is watched");
            job.Proxy.Front.Close();
            await pod.StartBuildkitd();
            await Eventually.True(
                () => job.Log.Contains("trying again", StringComparison.Ordinal),
                "the author is told"
            );
            job.Proxy.Front.Open();
        };

        await job.Succeeds();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_no_long_wait()
    {
        await using var job = await _bench.Job();
        job.Proxy.Front.Close();

        (await job.Prepare()).Outcome.Should().Be(RunnerOutcome.SystemFailure);

        job.Log.Should()
            .Contain("The Kubernetes API can't be reached to ask for its version: 127.0.0.1:")
            .And.Contain(": connection refused\nCheck the cluster's server in context ")
            .And.MatchRegex("It was tried [0-9]+ times over [0-9]+ s");
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_is_told_at_once()
    {
        await using var other = await ApiProxy.Start();
        await using var job = await _bench.Job();
        // The port of one, the certificate authority of another.
        var kubeconfig = Path.Combine(job.Host.Directory, "kubeconfig");
        var text = await File.ReadAllTextAsync(kubeconfig, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            kubeconfig,
            other.KubeconfigFrom(text).Replace(other.Url, job.Proxy.Url, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        (await job.Prepare()).Outcome.Should().Be(RunnerOutcome.SystemFailure);

        job.Log.Should().Contain("certificate").And.NotContain("tried");
        job.Proxy.Front.Connections.Should().Be(1);
    }

    [Fact]
    public async Task A_half_open_connection_is_noticed_while_the_builder_starts()
    {
        await using var job = await _bench.Job();
        _bench.Node.Starts = async pod =>
        {
            await Eventually.True(
                () => job.Count("WATCH pods") == 1 && job.Count("WATCH events") == 1,
                "the pod is watched"
            );
            job.Proxy.Front.FreezeAll();
            await pod.StartBuildkitd();
        };

        await job.Succeeds();

        job.Proxy.Front.Connections.Should().BeGreaterThan(1);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
