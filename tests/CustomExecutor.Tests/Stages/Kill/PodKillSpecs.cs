using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;
using CustomExecutor.Testing.Jobs;
using CustomExecutor.Testing.Preload;

namespace CustomExecutor.Tests.Stages.Kill;

/// <summary>The driver of a job whose scripts run in its pod dies at each of its calls. No container runs here: the
/// node refuses each pod, so prepare makes all its calls up to the deletion of what it has made.</summary>
public sealed class PodKillSpecs(KillPoints points) : IClassFixture<KillPoints>, IAsyncLifetime
{
    /// <summary>A stage makes fewer calls than that.</summary>
    private const int MostOfPrepare = 40,
        MostOfCleanup = 30;

    /// <summary>Beyond every deadline that the reaper knows.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromDays(9);

    private GcBench _bench = null!;
    private long _lastId = 7000;

    public static TheoryData<int> CallsOfPrepare => [.. Enumerable.Range(1, MostOfPrepare)];

    public static TheoryData<int> CallsOfCleanup => [.. Enumerable.Range(1, MostOfCleanup)];

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await GcBench.Create(InPod);
        _bench.Bench.Node.Starts = pod => pod.Failed("Evicted", "The node was low on resource: memory.");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("prepare", MostOfPrepare)]
    [InlineData("cleanup", MostOfCleanup)]
    public async Task The_tables_have_all_calls_of_a_stage(string stage, int most)
    {
        var count = await points.Count(
            _bench.Host.Runner,
            stage,
            async runner =>
            {
                using var attempt = new JobAttempt(runner, Job());
                (await attempt.TryToBecomeReady()).Outcome.Should().NotBe(RunnerOutcome.Success);
                attempt.Log.Text.Should().Contain("low on resource");
                await attempt.CleanUp();
            }
        );

        count.Should().BeGreaterThan(stage == "prepare" ? 10 : 5, "the driver is watched at its calls");
        // A few more: how often a connection is written to differs from time to time.
        (count + 3)
            .Should()
            .BeLessThanOrEqualTo(most);
    }

    [Theory]
    [MemberData(nameof(CallsOfPrepare))]
    public async Task Prepare_dies_at_a_call_and_the_runner_cleans_up(int call)
    {
        using (var killed = new JobAttempt(points.Runner(_bench.Host.Runner, "prepare", call), Job()))
        {
            await killed.TryToBecomeReady();
            await killed.CleanUp();
        }

        await NothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(CallsOfPrepare))]
    public async Task Prepare_dies_at_a_call_and_nobody_comes_back(int call)
    {
        await new JobAttempt(points.Runner(_bench.Host.Runner, "prepare", call), Job()).TryToBecomeReady();

        await GcFindsAll();
    }

    [Theory]
    [MemberData(nameof(CallsOfCleanup))]
    public async Task Cleanup_dies_at_a_call_and_nobody_comes_back(int call)
    {
        // No node: the pod and its secret are there when cleanup comes.
        _bench.Bench.Node.Starts = _ => Task.CompletedTask;
        using (var attempt = new JobAttempt(AtOnce(points.Runner(_bench.Host.Runner, "cleanup", call)), Job()))
        {
            await DieInPrepare(attempt);
            await attempt.Stages.Cleanup();
        }

        await GcFindsAll();
    }

    [Fact]
    public async Task Gc_removes_the_pod_of_a_runner_that_died_and_leaves_one_that_may_be_needed()
    {
        _bench.Bench.Node.Starts = _ => Task.CompletedTask;
        var ofDead = new OutrightKill(_bench.Host.Runner, _bench.Host.Directory);
        var ofLiving = new OutrightKill(_bench.Host.Runner, _bench.Host.Directory);
        using var dead = new JobAttempt(ofDead.Runner, Job());
        using var living = new JobAttempt(ofLiving.Runner, Job());
        await DieInPrepare(dead, ofDead);
        await DieInPrepare(living, ofLiving);
        await _bench.Expire(dead.State.Builder);

        var result = await _bench.Gc();

        result.Code.Should().Be(0, result.Errors);
        result.Lines.Should().Contain(line => line.Contains(dead.State.Builder, StringComparison.Ordinal));
        (await _bench.Builders()).Should().Equal(living.State.Builder);
        (await _bench.Namespace.OnlySecret()).Metadata.Name.Should().Be(living.State.Builder);
        await living.CleanUp();
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    private static void InPod(JsonObject settings)
    {
        settings["scripts"] = new JsonObject { ["runIn"] = "pod" };
        settings["job"] = new JsonObject { ["image"] = "localhost/job:1" };
    }

    /// <summary>Cancelling kills.</summary>
    private static PlayedRunner AtOnce(PlayedRunner runner) => runner with { GracefulKillTimeout = TimeSpan.Zero };

    /// <summary>Waits for the pod and its secret, and kills the driver that waits for the node. Without an outright
    /// kill it may still delete them.</summary>
    private async Task DieInPrepare(JobAttempt attempt, OutrightKill? outright = null)
    {
        await attempt.Config();
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        var preparing = attempt.Stages.Prepare(kill.Token);
        await Eventually.True(
            async () =>
                preparing.IsCompleted
                || (
                    File.Exists(attempt.Paths.StateFile)
                    && (await _bench.Namespace.Secrets()).Any(s => s.Metadata.Name == attempt.State.Builder)
                ),
            "the pod has its secret"
        );
        preparing.IsCompleted.Should().BeFalse(attempt.Log.Text);
        if (outright is null)
            await kill.CancelAsync();
        else
            outright.Now();
        await preparing;
    }

    private PlayedJob Job() =>
        new()
        {
            Id = Interlocked.Increment(ref _lastId),
            Timeout = TimeSpan.FromMinutes(1),
            Credentials = [new JobCredentials("registry", "registry.example.com", "gitlab-ci-token", "glcbt-example")],
        };

    /// <summary>gc, days later: by then a node has let go of every pod that was deleted.</summary>
    private async Task GcFindsAll()
    {
        await Eventually.True(
            async () => (await _bench.Namespace.Pods()).All(p => p.Metadata.DeletionTimestamp is null),
            "the node has let go of deleted pods"
        );
        // What a pod says of its time is compared with the API server's clock.
        foreach (var name in await _bench.Builders())
            await _bench.Expire(name);
        var result = await _bench.GcAfter(Later);
        result.Code.Should().Be(0, result.Errors);
        await NothingIsLeft();
    }

    private async Task NothingIsLeft()
    {
        await _bench.Namespace.ShouldBecomeEmpty();
        Directory.GetFileSystemEntries(_bench.Host.Runner.TempRoot).Concat(_bench.Host.FilesOfJobs).Should().BeEmpty();
    }
}
