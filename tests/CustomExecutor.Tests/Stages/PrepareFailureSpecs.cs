using CustomExecutor.Admin.Try;
using CustomExecutor.Tests.Cluster;

namespace CustomExecutor.Tests.Stages;

/// <summary>A builder that does not start: the author is told why, the runner may try again, and nothing is left.</summary>
public sealed class PrepareFailureSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new() { Id = 4711 };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create(settings => settings["builder"]!["prepareTimeoutSeconds"] = 5);

    [Fact]
    public async Task An_image_name_that_is_none()
    {
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Waiting("InvalidImageName", "Failed to apply default image tag \"UPPER\"");
        };

        (await Fails()).Should().Contain("image name is not valid").And.Contain("UPPER").And.Contain("builder.image");
    }

    [Fact]
    public async Task An_image_that_can_not_be_pulled()
    {
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Event("Failed", "Failed to pull image \"nope\": not found", "Warning");
            await pod.Waiting("ImagePullBackOff", "Back-off pulling image \"nope\"");
        };

        (await Fails()).Should().Contain("Warning: Failed: Failed to pull image \"nope\": not found")
            .And.Contain("not ready within 5 s").And.Contain("ImagePullBackOff: Back-off pulling image \"nope\"");
    }

    [Fact]
    public async Task A_daemon_that_is_killed_for_its_memory()
    {
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Ended(137, "OOMKilled");
        };

        (await Fails()).Should().Contain("The builder ended before it was ready: OOMKilled, exit code 137");
    }

    [Fact]
    public async Task A_cluster_without_room()
    {
        _bench.Node.Starts = pod => pod.NotSchedulable("0/3 nodes are available: 3 Insufficient cpu.");

        (await Fails()).Should().Contain("not ready within 5 s (builder.prepareTimeoutSeconds): it waited for a node (0/3 nodes are available: 3 Insufficient cpu.)");
    }

    [Fact]
    public async Task A_pod_that_somebody_deletes_before_it_has_a_node()
    {
        _bench.Node.Starts = pod => _bench.Namespace.DeleteNow(pod.Pod);

        (await Fails()).Should().Contain("was deleted by somebody else while it started");
    }

    [Fact]
    public async Task A_pod_that_somebody_deletes_on_its_node()
    {
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Waiting("ContainerCreating");
            await _bench.Namespace.DeleteNow(pod.Pod);
        };

        (await Fails()).Should().Contain("was deleted by somebody else while it started");
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

        (await Fails()).Should().Contain($"for BuildKit to answer at tcp://{hole.Address}:1234 (connecting: no answer within 2 s)").And.Contain("no route to pod addresses");
    }

    [Fact]
    public async Task A_builder_of_another_job_at_the_pods_address()
    {
        // As if the pod's address had been given to another pod.
        var stranger = CustomExecutor.Buildx.JobCertificates.Create("k8s-builder-1-stranger", DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        await using var builder = BuildkitDaemon.Start(stranger.Server);
        _bench.Node.Starts = async pod =>
        {
            await pod.Schedule();
            await pod.Running(builder.Address.ToString());
        };

        (await Fails()).Should().Contain("TLS handshake: ");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task<string> Fails()
    {
        var attempt = _bench.Attempt(Job);

        var verdict = await attempt.TryToBecomeReady();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, attempt.Log.Text);
        attempt.Stages.LastCall.Exit.Code.Should().Be(RunnerVerdict.SystemFailureExitCode);
        attempt.Log.Text.Should().NotContain("   at ").And.NotContain("BuildKit is ready");
        await _bench.Namespace.ShouldBecomeEmpty();
        await attempt.CleanUp();
        return attempt.Log.Text;
    }
}
