using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>A builder that does not start: the author is told why, the runner may try again, and nothing is
/// left.</summary>
public sealed class PrepareFailureSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new() { Id = 4711 };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

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

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task<string> Fails()
    {
        var attempt = _bench.Attempt(Job);

        var verdict = await attempt.TryToBecomeReady();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, attempt.Log.Text);
        attempt.Stages.LastCall.Exit.Code.Should().Be(RunnerResult.SystemFailureExitCode);
        attempt.Log.Text.Should().NotContain("   at ").And.NotContain("BuildKit is ready");
        await _bench.Namespace.ShouldBecomeEmpty();
        await attempt.CleanUp();
        return attempt.Log.Text;
    }
}
