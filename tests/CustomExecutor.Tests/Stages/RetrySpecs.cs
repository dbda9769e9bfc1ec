using System.Collections.Concurrent;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>A whole job as the runner plays it, whose prepare does not succeed at once.</summary>
public sealed class RetrySpecs : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, byte> _builders = new();
    private readonly WrittenLog _log = new();
    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

    [Fact]
    public async Task The_third_attempt_gets_the_job_its_one_builder()
    {
        NodeFails(times: 2);
        var directory = "";

        var verdict = await Play(async attempt =>
        {
            directory = attempt.Directory;
            await Eventually.True(
                async () => (await _bench.Namespace.Pods()).Count == 1,
                "the earlier attempts' pods are gone"
            );
            (await _bench.Namespace.OnlySecret())
                .Metadata.Name.Should()
                .Be((await _bench.Namespace.OnlyPod()).Metadata.Name);
        });

        verdict.Outcome.Should().Be(RunnerOutcome.Success, _log.Text);
        _builders.Should().HaveCount(3, "each attempt has a builder of its own name");
        _log.Text.Should().Contain("attempt 3 of 3").And.Contain("the script ran\n").And.Contain("Job succeeded");
        directory.Should().NotBeEmpty();
        await NothingIsLeft();
    }

    [Fact]
    public async Task After_three_attempts_the_job_is_a_system_failure()
    {
        NodeFails(times: int.MaxValue);

        var verdict = await Play(_ => Task.CompletedTask);

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        _builders.Should().HaveCount(3);
        _log.Text.Should()
            .Contain("OOMKilled")
            .And.NotContain("the script ran")
            .And.EndWith("(runner_system_failure)\n");
        await NothingIsLeft();
    }

    [Fact]
    public async Task A_script_that_fails_is_not_tried_again_and_leaves_nothing_either()
    {
        NodeFails(times: 0);

        var verdict = await Play(_ => Task.CompletedTask, "exit 42");

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 42));
        _builders.Should().HaveCount(1);
        await NothingIsLeft();
    }

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _bench.DisposeAsync();
    }

    private void NodeFails(int times) =>
        _bench.Node.Starts = async pod =>
        {
            _builders.TryAdd(pod.Pod.Metadata.Name, 0);
            if (_builders.Count > times)
            {
                await pod.StartBuildkitd();
                return;
            }

            await pod.Schedule();
            await pod.Ended(137, "OOMKilled");
        };

    private Task<RunnerResult> Play(Func<PlayedAttempt, Task> prepared, string script = "echo the script ran") =>
        new PlayedJobRun(
            _bench.Host.Runner,
            new PlayedJob { Id = 4711 },
            new PlayedScripts(null, script),
            new JobLog(_log, colours: false),
            TimeProvider.System
        )
        {
            Prepared = prepared,
        }.Run(TestContext.Current.CancellationToken);

    private async Task NothingIsLeft()
    {
        await _bench.Namespace.ShouldBecomeEmpty();
        _bench.Host.FilesOfJobs.Should().BeEmpty();
        Directory.GetFileSystemEntries(_bench.Host.Runner.TempRoot).Should().BeEmpty();
    }
}
