using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Gc;

/// <summary>gc on the runner's host: what attempts have left whose runner or driver died.</summary>
public sealed class GcHostSpecs : IAsyncLifetime
{
    private GcBench _bench = null!;
    private JobAttempt _attempt = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await GcBench.Create();
        _attempt = await _bench.Bench.Ready(new PlayedJob { Id = 4711 });
    }

    [Fact]
    public async Task A_job_that_nobody_cleaned_up_leaves_nothing_after_its_deadline()
    {
        await _attempt.Run("mkdir -p $CI_PROJECT_DIR; touch $CI_PROJECT_DIR/file");
        await _bench.Expire(_attempt);

        var result = await _bench.Gc();

        result.Code.Should().Be(0, result.Errors);
        result
            .Lines.Should()
            .Contain(l => l.StartsWith("removed builder k8s-builder-4711-") && l.Contains("its deadline passed"))
            .And.Contain(l => l.StartsWith($"removed workspace {_attempt.Workspace} of job 4711"))
            .And.Contain(l => l.StartsWith($"removed attempt directory {_attempt.Stages.Directory} of job 4711"));
        result.Summary.Should().Be("removed 1 builder, 1 workspace, 1 attempt directory");
        await ShouldBeGone();
    }

    [Fact]
    public async Task A_job_that_runs_is_not_touched_nor_spoken_of()
    {
        (await _bench.Gc()).Lines.Should().Equal("nothing removed");
        (await _bench.Gc("--all-instances")).Lines.Should().Equal("nothing removed");

        await ShouldLive();
    }

    [Fact]
    public async Task A_job_that_runs_keeps_its_builder_even_when_the_pod_seems_expired()
    {
        await _bench.Expire(_attempt.State.Builder);

        (await _bench.Gc()).Lines.Should().Equal("nothing removed");

        await ShouldLive();
    }

    [Fact]
    public async Task An_attempt_whose_directory_the_runner_has_removed_is_over_after_its_first_minutes()
    {
        _attempt.Dispose();

        (await _bench.GcAfter(TimeSpan.FromMinutes(4))).Lines.Should().Equal("nothing removed");
        var result = await _bench.GcAfter(TimeSpan.FromMinutes(6));

        result.Lines[0].Should().EndWith("the runner has removed its attempt directory");
        result.Summary.Should().Be("removed 1 builder, 1 workspace");
        await ShouldBeGone();
    }

    [Fact]
    public async Task A_directory_that_is_looked_for_in_another_tmp_is_not_taken_for_gone()
    {
        _bench.Change(_attempt, r => r with { AttemptParent = "0:0:1" });
        _attempt.Dispose();

        (await _bench.GcAfter(TimeSpan.FromMinutes(30))).Lines.Should().Equal("nothing removed");
    }

    [Fact]
    public async Task Nothing_survives_a_restart_of_the_host()
    {
        Assert.SkipWhen(_bench.RecordOf(_attempt).Began.Machine.Length == 0, "This machine has no id.");
        _bench.Change(
            _attempt,
            r => r with { Began = r.Began with { Boot = "another", Clock = r.Began.Clock.AddYears(-1) } }
        );

        var result = await _bench.Gc();

        result.Lines[0].Should().EndWith("this host was restarted since");
        await ShouldBeGone();
    }

    [Fact]
    public async Task A_prepare_that_was_killed_leaves_nothing_after_its_deadline()
    {
        var created = Path.Combine(_bench.Host.Directory, "created");
        _bench.Bench.Node.Starts = _ => File.WriteAllTextAsync(created, "", TestContext.Current.CancellationToken);
        var killer = Path.Combine(_bench.Host.Directory, "killer");
        await File.WriteAllTextAsync(
            killer,
            $"""
            "$@" & driver=$!
            if [ "$4" = prepare ]; then until [ -e {created} ]; do sleep 0.05; done; kill -9 $driver; fi
            wait $driver

            """,
            TestContext.Current.CancellationToken
        );
        var killing = _bench.Host.Runner with
        {
            Driver = "/bin/bash",
            Arguments = [killer, _bench.Host.Runner.Driver, .. _bench.Host.Runner.Arguments],
        };
        using var prepare = new JobAttempt(killing, new PlayedJob { Id = 4712 });
        (await prepare.TryToBecomeReady()).Outcome.Should().NotBe(RunnerOutcome.Success);
        Directory.Exists(prepare.Workspace).Should().BeTrue();
        await _bench.Expire(prepare);

        (await _bench.Gc()).Code.Should().Be(0);

        _bench.Host.Workspaces.Should().Equal(_attempt.Workspace);
        _bench.Host.Records.All().Should().ContainSingle();
        Directory.Exists(prepare.Stages.Directory).Should().BeFalse();
        (await _bench.Builders()).Should().Equal(_attempt.State.Builder);
    }

    [Fact]
    public async Task Without_the_cluster_files_go_and_the_record_waits_for_the_builder()
    {
        await _bench.Expire(_attempt);
        var kubeconfig = Path.Combine(_bench.Host.Directory, "kubeconfig");
        File.Move(kubeconfig, kubeconfig + ".away");

        var result = await _bench.Gc();

        result.Code.Should().Be(2);
        result.Errors.Should().Contain("No cluster is configured");
        result.Summary.Should().Be("removed 1 workspace, 1 attempt directory; 1 problem");
        _bench.Host.Records.All().Should().ContainSingle();

        File.Move(kubeconfig + ".away", kubeconfig);
        (await _bench.Gc()).Summary.Should().Be("removed 1 builder");
        await ShouldBeGone();
    }

    [Fact]
    public async Task A_builder_in_a_namespace_that_the_settings_no_longer_name_is_told_of()
    {
        await _bench.Expire(_attempt);
        _bench.Change(_attempt, r => r with { Namespace = "elsewhere" });

        var result = await _bench.Gc();

        result
            .Lines[0]
            .Should()
            .StartWith("kept builder k8s-builder-4711-")
            .And.Contain("it is in namespace elsewhere");
        _bench.Host.Workspaces.Should().BeEmpty();
    }

    [Fact]
    public async Task While_another_gc_is_at_work_on_the_files_they_are_left_to_it()
    {
        await _bench.Expire(_attempt);
        _bench.Host.Records.TryLock(out var turn).Should().BeTrue();
        await using (turn)
        {
            var result = await _bench.Gc();

            result.Code.Should().Be(0, result.Errors);
            result.Lines.Should().Contain(l => l.Contains("another gc is at work"));
            Directory.Exists(_attempt.Workspace).Should().BeTrue();
        }

        await _bench.Gc();
        await ShouldBeGone();
    }

    [Fact]
    public async Task Ten_at_once_remove_the_files_and_none_fails()
    {
        await _attempt.Run(
            "for i in {1..50}; do mkdir -p $CI_PROJECT_DIR/$i/a/b; touch $CI_PROJECT_DIR/$i/a/b/{1..50}; done"
        );
        await _bench.Expire(_attempt);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _bench.Gc()));

        results.Should().OnlyContain(r => r.Code == 0, string.Join('\n', results.Select(r => r.Errors)));
        results.SelectMany(r => r.Lines).Where(l => l.StartsWith("removed workspace")).Should().ContainSingle();
        await ShouldBeGone();
    }

    [Fact]
    public async Task A_dry_run_removes_no_file()
    {
        await _bench.Expire(_attempt);

        (await _bench.Gc("--dry-run")).Summary.Should().Be("would remove 1 builder, 1 workspace, 1 attempt directory");

        await ShouldLive();
    }

    [Fact]
    public async Task Another_instances_attempt_on_this_host_is_its_own_matter_unless_all_are_asked_for()
    {
        await _bench.Expire(_attempt);
        _bench.Change(_attempt, r => r with { Instance = "other-gitlab" });

        (await _bench.Gc("--dry-run")).Summary.Should().Be("would remove 1 builder", "its labels say this instance");
        (await _bench.Gc("--dry-run", "--all-instances"))
            .Summary.Should()
            .Be("would remove 1 builder, 1 workspace, 1 attempt directory");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task ShouldBeGone()
    {
        await _bench.Namespace.ShouldBecomeEmpty();
        _bench.Host.Workspaces.Should().BeEmpty();
        _bench.Host.Records.All().Should().BeEmpty();
        Directory.Exists(_attempt.Stages.Directory).Should().BeFalse();
    }

    private async Task ShouldLive()
    {
        (await _bench.Builders()).Should().Equal(_attempt.State.Builder);
        (await _bench.Namespace.OnlySecret()).Metadata.Name.Should().Be(_attempt.State.Builder);
        _bench.Host.Workspaces.Should().Equal(_attempt.Workspace);
        _bench.Host.Records.All().Should().ContainSingle().Which.Record.Should().NotBeNull();
        Directory.Exists(_attempt.Paths.Job).Should().BeTrue();
    }
}
