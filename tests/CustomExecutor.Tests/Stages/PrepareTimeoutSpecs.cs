using CustomExecutor.Builder;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>A builder that does not come in time: the author is told what was waited for.</summary>
public sealed class PrepareTimeoutSpecs : IAsyncLifetime
{
    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

    [Fact]
    public async Task An_image_that_can_not_be_pulled()
    {
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Event("Failed", "Failed to pull image \"nope\": not found", "Warning");
            await pod.Waiting("ImagePullBackOff", "Back-off pulling image \"nope\"");
        };

        (await Fails("ImagePullBackOff: Back-off pulling image \"nope\""))
            .Should()
            .Contain("Warning: Failed: Failed to pull image \"nope\": not found");
    }

    [Fact]
    public async Task A_cluster_without_room()
    {
        _bench.Node.Starts = pod => pod.NotSchedulable("0/3 nodes are available: 3 Insufficient cpu.");

        await Fails("it waited for a node (0/3 nodes are available: 3 Insufficient cpu.)");
    }

    [Fact]
    public async Task A_pod_address_to_which_there_is_no_route()
    {
        await using var hole = new PacketHole();
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Running(hole.Address.ToString());
        };

        (await Fails($"for BuildKit to answer at tcp://{hole.Address}:1234 (connecting: no answer within 2 s)"))
            .Should()
            .Contain("no route to pod addresses");
    }

    [Fact]
    public async Task A_builder_of_another_job_at_the_pods_address()
    {
        // As if the pod's address had been given to another pod.
        var stranger = JobCertificates.Create("k8s-builder-1-stranger", DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        await using var builder = BuildkitDaemon.Start(stranger.Server);
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Running(builder.Address.ToString());
        };

        await Fails("TLS handshake: ");
    }

    [Fact]
    public async Task A_cluster_that_needs_longer_than_that_for_its_first_answer()
    {
        // A plugin that brings the credentials is what is slow here.
        var token = await _bench.Namespace.TokenOfAccount("slow", DriverRole.Rules);
        using var directory = new TemporaryDirectory();
        var plugin = directory.WriteExecutable(
            "plugin",
            $$$"""
            #!/bin/sh
            sleep 2
            echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"{{{token}}}"}}'
            """
        );
        var kubeconfig = TestCluster.KubeconfigFor(
            $"exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: {plugin}}}"
        );
        using var host = new RunnerHost(
            kubeconfig,
            _bench.Namespace.Name,
            settings => settings["builder"]!["prepareTimeoutSeconds"] = 1
        );
        var attempt = host.Attempt(new PlayedJob { Id = 4711 });

        var verdict = await attempt.TryToBecomeReady();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt
            .Log.Text.Should()
            .Contain("ERROR: The Kubernetes API can't be reached to ask for its version: no answer within ")
            .And.NotContain("Unhandled");
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>Fails for want of time. A busy machine may need more of it to get as far as what is to be told, so it
    /// is given more.</summary>
    private async Task<string> Fails(string told)
    {
        var kubeconfig = await File.ReadAllTextAsync(TestCluster.Kubeconfig, TestContext.Current.CancellationToken);
        var output = "";
        foreach (var seconds in new[] { 5, 20, 60 })
        {
            using var host = new RunnerHost(
                kubeconfig,
                _bench.Namespace.Name,
                settings => settings["builder"]!["prepareTimeoutSeconds"] = seconds
            );
            var attempt = host.Attempt(new PlayedJob { Id = 4711 });
            (await attempt.TryToBecomeReady()).Outcome.Should().Be(RunnerOutcome.SystemFailure, attempt.Log.Text);
            await _bench.Namespace.ShouldBecomeEmpty();
            output = attempt.Log.Text;
            output.Should().Contain($"not ready within {seconds} s (builder.prepareTimeoutSeconds)");
            if (output.Contains(told, StringComparison.Ordinal))
                break;
        }

        output.Should().Contain(told);
        return output;
    }
}
