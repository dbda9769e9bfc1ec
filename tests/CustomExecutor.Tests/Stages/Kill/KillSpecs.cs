using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Testing.Jobs;
using CustomExecutor.Testing.Preload;
using k8s.Models;

namespace CustomExecutor.Tests.Stages.Kill;

/// <summary>The driver dies at each of its calls, one after the other; what comes then is the runner's cleanup, or
/// nothing but time and the reaper.</summary>
public sealed class KillSpecs(KillPoints points) : IClassFixture<KillPoints>, IAsyncLifetime
{
    /// <summary>A stage makes fewer calls than that.</summary>
    private const int MostOfPrepare = 100,
        MostOfRun = 20,
        MostOfCleanup = 60;

    private const string Script = "echo from the script > file; exit 3\n";

    /// <summary>Beyond every deadline that the reaper knows.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromDays(9);

    private GcBench _bench = null!;
    private long _lastId = 5000;

    public static TheoryData<int> CallsOfPrepare => [.. Enumerable.Range(1, MostOfPrepare)];

    public static TheoryData<int> CallsOfRun => [.. Enumerable.Range(1, MostOfRun)];

    public static TheoryData<int> CallsOfCleanup => [.. Enumerable.Range(1, MostOfCleanup)];

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await GcBench.Create();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("prepare", MostOfPrepare)]
    [InlineData("run", MostOfRun)]
    [InlineData("cleanup", MostOfCleanup)]
    public async Task The_tables_have_all_calls_of_a_stage(string stage, int most)
    {
        var count = await points.Count(
            _bench.Host.Runner,
            stage,
            async runner =>
            {
                using var attempt = new JobAttempt(runner, Job());
                await attempt.BecomeReady();
                await attempt.RunFile(Script);
                await attempt.CleanUp();
            }
        );

        count.Should().BeGreaterThan(stage == "run" ? 0 : 10, "the driver is watched at its calls");
        // A few more: how often a connection is written to differs from time to time.
        (count + 3)
            .Should()
            .BeLessThanOrEqualTo(most);
    }

    [Theory]
    [MemberData(nameof(CallsOfPrepare))]
    public async Task Prepare_dies_at_a_call_and_the_runner_cleans_up_and_tries_again(int call)
    {
        var job = Job();
        using (var killed = new JobAttempt(points.Runner(_bench.Host.Runner, "prepare", call), job))
        {
            await killed.TryToBecomeReady();
            await killed.CleanUp();
        }

        using (var second = new JobAttempt(_bench.Host.Runner, job))
        {
            await second.BecomeReady();
            (await PodsOf(job))
                .Where(p => p.Metadata.DeletionTimestamp is null)
                .Should()
                .ContainSingle("there are never two builders that live for one job");
            await second.CleanUp();
        }

        await NothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(CallsOfPrepare))]
    public async Task Prepare_dies_at_a_call_and_nobody_comes_back(int call)
    {
        await new JobAttempt(points.Runner(_bench.Host.Runner, "prepare", call), Job()).TryToBecomeReady();

        (await GcLater()).Code.Should().Be(0);
        await NothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(CallsOfRun))]
    public async Task A_script_stage_dies_at_a_call_and_the_runner_cleans_up(int call)
    {
        using (var attempt = new JobAttempt(points.Runner(_bench.Host.Runner, "run", call), Job()))
        {
            await attempt.BecomeReady();
            await attempt.RunFile(Script);
            await attempt.CleanUp();
        }

        await NothingIsLeft();
    }

    [Theory]
    [MemberData(nameof(CallsOfCleanup))]
    public async Task Cleanup_dies_at_a_call_and_nobody_comes_back(int call)
    {
        using (var attempt = new JobAttempt(points.Runner(_bench.Host.Runner, "cleanup", call), Job()))
        {
            await attempt.BecomeReady();
            await attempt.RunFile("mkdir -p builds/a/b; touch builds/a/file; chmod 500 builds/a\n");
            await attempt.Stages.Cleanup();
        }

        (await GcLater()).Code.Should().Be(0);
        await NothingIsLeft();
    }

    [Fact]
    public async Task Fifty_jobs_at_once_die_by_chance_and_some_are_cleaned_up()
    {
        var chance = new Random(50);
        var plan = Enumerable
            .Range(0, 50)
            .Select(_ =>
                (
                    Stage: (string[])["prepare", "run", "cleanup"],
                    Which: chance.Next(3),
                    Point: chance.Next(1, 40),
                    CleanUp: chance.Next(2) == 0
                )
            )
            .ToList();
        await Parallel.ForEachAsync(
            plan,
            new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = TestEnds },
            async (job, _) =>
            {
                var attempt = new JobAttempt(points.Runner(_bench.Host.Runner, job.Stage[job.Which], job.Point), Job());
                if ((await attempt.TryToBecomeReady()).Outcome == RunnerOutcome.Success)
                    await attempt.RunFile("echo > file; exit 1\n");
                if (!job.CleanUp)
                    return;
                await attempt.Stages.Cleanup();
                attempt.Dispose();
            }
        );

        (await GcLater()).Code.Should().Be(0);
        await NothingIsLeft();
        _bench
            .Bench.Node.Seen.GroupBy(p => p.Metadata.Labels[BuilderLabels.JobId])
            .Should()
            .OnlyContain(pods => pods.Count() == 1, "each job was prepared once");
    }

    private PlayedJob Job() => new() { Id = Interlocked.Increment(ref _lastId), Timeout = TimeSpan.FromMinutes(1) };

    private async Task<IEnumerable<V1Pod>> PodsOf(PlayedJob job) =>
        (await _bench.Namespace.Pods()).Where(p => p.Metadata.Labels[BuilderLabels.JobId] == $"{job.Id}");

    /// <summary>gc, days later: by then a node has let go of every pod that was deleted.</summary>
    private async Task<GcResult> GcLater()
    {
        await Eventually.True(
            async () => (await _bench.Namespace.Pods()).All(p => p.Metadata.DeletionTimestamp is null),
            "the node has let go of deleted pods"
        );
        return await _bench.GcAfter(Later);
    }

    private async Task NothingIsLeft()
    {
        await _bench.Namespace.ShouldBecomeEmpty();
        Directory.GetFileSystemEntries(_bench.Host.Runner.TempRoot).Concat(_bench.Host.FilesOfJobs).Should().BeEmpty();
    }
}
