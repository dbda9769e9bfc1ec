using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Testing.Jobs;
using CustomExecutor.Testing.Preload;
using k8s.Models;

namespace CustomExecutor.Tests.Stages.Kill;

/// <summary>The driver dies at each of its calls, one after the other; what comes then is the runner's cleanup, or
/// nothing but time and the reaper.</summary>
public sealed class KillSpecs : IAsyncLifetime
{
    /// <summary>Beyond every deadline that the reaper knows.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromDays(9);

    private GcBench _bench = null!;
    private KillPoints _points = null!;
    private long _lastId = 5000;

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_bench, _points) = (await GcBench.Create(), await KillPoints.Create());

    public async ValueTask DisposeAsync()
    {
        _points.Dispose();
        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task Prepare_dies_anywhere_and_the_runner_cleans_up_and_tries_again()
    {
        await AtEveryPoint(
            "prepare",
            async runner =>
            {
                var job = Job();
                using (var killed = new JobAttempt(runner, job))
                {
                    await killed.TryToBecomeReady();
                    await killed.CleanUp();
                }

                using var second = new JobAttempt(_bench.Host.Runner, job);
                await second.BecomeReady();
                (await PodsOf(job))
                    .Where(p => p.Metadata.DeletionTimestamp is null)
                    .Should()
                    .ContainSingle("there are never two builders that live for one job");
                await second.CleanUp();
            }
        );
        await NothingIsLeft();
    }

    [Fact]
    public async Task Prepare_dies_anywhere_and_nobody_comes_back()
    {
        await AtEveryPoint("prepare", async runner => await new JobAttempt(runner, Job()).TryToBecomeReady());

        (await _bench.GcAfter(Later)).Code.Should().Be(0);
        await NothingIsLeft();
    }

    [Fact]
    public async Task A_script_stage_dies_anywhere_and_the_runner_cleans_up()
    {
        await AtEveryPoint(
            "run",
            async runner =>
            {
                using var attempt = new JobAttempt(runner, Job());
                await attempt.BecomeReady();
                await attempt.RunFile("echo from the script > file; exit 3\n");
                await attempt.CleanUp();
            }
        );
        await NothingIsLeft();
    }

    [Fact]
    public async Task Cleanup_dies_anywhere_and_nobody_comes_back()
    {
        await AtEveryPoint(
            "cleanup",
            async runner =>
            {
                using var attempt = new JobAttempt(runner, Job());
                await attempt.BecomeReady();
                await attempt.RunFile("mkdir -p builds/a/b; touch builds/a/file; chmod 500 builds/a\n");
                await attempt.Stages.Cleanup();
            }
        );

        (await _bench.GcAfter(Later)).Code.Should().Be(0);
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
                var attempt = new JobAttempt(_points.Runner(_bench.Host, job.Stage[job.Which], job.Point), Job());
                if ((await attempt.TryToBecomeReady()).Outcome == RunnerOutcome.Success)
                    await attempt.RunFile("echo > file; exit 1\n");
                if (!job.CleanUp)
                    return;
                await attempt.Stages.Cleanup();
                attempt.Dispose();
            }
        );

        (await _bench.GcAfter(Later)).Code.Should().Be(0);
        await NothingIsLeft();
        _bench
            .Bench.Node.Seen.GroupBy(p => p.Metadata.Labels[BuilderLabels.JobId])
            .Should()
            .OnlyContain(pods => pods.Count() == 1, "each job was prepared once");
    }

    private PlayedJob Job() => new() { Id = Interlocked.Increment(ref _lastId), Timeout = TimeSpan.FromMinutes(1) };

    private async Task AtEveryPoint(string stage, Func<PlayedRunner, Task> play)
    {
        var count = await _points.Count(_bench.Host, stage, play);
        count.Should().BeGreaterThan(stage == "run" ? 0 : 10, "the driver is watched at its calls");
        // A few more than counted: how often a connection is written to differs from time to time.
        await Parallel.ForEachAsync(
            Enumerable.Range(1, count + 3),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestEnds },
            async (point, _) => await play(_points.Runner(_bench.Host, stage, point))
        );
    }

    private async Task<IEnumerable<V1Pod>> PodsOf(PlayedJob job) =>
        (await _bench.Namespace.Pods()).Where(p => p.Metadata.Labels[BuilderLabels.JobId] == $"{job.Id}");

    private async Task NothingIsLeft()
    {
        await _bench.Namespace.ShouldBecomeEmpty();
        Directory.GetFileSystemEntries(_bench.Host.Runner.TempRoot).Concat(_bench.Host.FilesOfJobs).Should().BeEmpty();
    }
}
