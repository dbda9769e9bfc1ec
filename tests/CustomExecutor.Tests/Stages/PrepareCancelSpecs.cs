using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>Prepare is ended from outside.</summary>
public sealed class PrepareCancelSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new() { Id = 4711 };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await Bench.Create();
        _bench.Node.Starts = pod => pod.Schedule();
    }

    [Fact]
    public async Task A_cancelled_prepare_takes_its_builder_with_it_and_is_no_success()
    {
        var attempt = _bench.Attempt(Job);
        await attempt.Config();
        using var cancel = new CancellationTokenSource();
        var preparing = attempt.Stages.Prepare(cancel.Token);
        await Eventually.True(() => attempt.Log.Text.Contains("Scheduled on node"), "the pod has a node");

        await cancel.CancelAsync();

        (await preparing).Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt.Stages.LastCall.Exit.Code.Should().Be(RunnerResult.SystemFailureExitCode);
        attempt.Log.Text.Should().Contain("prepare was cancelled by the runner");
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Fact]
    public async Task What_a_killed_prepare_has_made_is_found_by_cleanup()
    {
        var attempt = await Killed();

        await attempt.CleanUp();

        await _bench.Namespace.ShouldBecomeEmpty();
        Directory.Exists(attempt.Workspace).Should().BeFalse();
    }

    [Fact]
    public async Task What_a_killed_prepare_has_made_is_found_by_its_labels_if_the_state_is_lost()
    {
        var attempt = await Killed();
        File.Delete(attempt.Paths.StateFile);

        await attempt.CleanUp();

        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Fact]
    public async Task No_script_runs_on_what_a_killed_prepare_has_made()
    {
        var attempt = await Killed();

        var (verdict, output) = await attempt.Run("echo ran");

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        output.Should().Contain("prepare did not finish").And.NotContain("ran\n");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>An attempt whose prepare was killed outright, by then with a pod.</summary>
    private async Task<JobAttempt> Killed()
    {
        var kill = new OutrightKill(_bench.Host.Runner, _bench.Host.Directory);
        var attempt = new JobAttempt(kill.Runner, Job);
        await attempt.Config();
        var preparing = attempt.Stages.Prepare(TestContext.Current.CancellationToken);
        await Eventually.True(async () => (await _bench.Namespace.Secrets()).Count == 1, "pod and secret are made");
        kill.Now();
        await preparing;
        attempt.Stages.LastCall.Exit.Should().Be(new ChildExit(null, ChildProcessSignal.Kill));
        return attempt;
    }
}
