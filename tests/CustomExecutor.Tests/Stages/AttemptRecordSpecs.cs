using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Testing.Jobs;
using k8s.Models;

namespace CustomExecutor.Tests.Stages;

/// <summary>What prepare does for the case that nobody cleans up, and what cleanup makes of it.</summary>
public sealed class AttemptRecordSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new() { Id = 4711 };

    private GcBench _bench = null!;

    private string SettingsPath => _bench.Host.Runner.Arguments[1];

    public async ValueTask InitializeAsync() => _bench = await GcBench.Create();

    [Fact]
    public async Task Prepare_records_what_it_makes_and_cleanup_takes_the_record_away()
    {
        var attempt = await _bench.Bench.Ready(Job);

        var record = _bench.RecordOf(attempt);
        (record.JobId, record.Namespace, record.Builder, record.AttemptDirectory)
            .Should()
            .Be((4711, _bench.Namespace.Name, attempt.State.Builder, attempt.Stages.Directory));
        record.Lifetime.Should().BeGreaterThan(TimeSpan.FromMinutes(5));

        await attempt.CleanUp();
        _bench.Host.Records.All().Should().BeEmpty();
    }

    [Theory]
    [InlineData("777")]
    [InlineData("000")]
    public async Task Records_whose_directory_a_script_has_opened_or_closed_are_put_right_by_the_next_prepare(
        string mode
    )
    {
        var hostile = await _bench.Bench.Ready(Job);
        (await hostile.Run($"chmod {mode} {_bench.Host.Records.Directory}"))
            .Verdict.Outcome.Should()
            .Be(RunnerOutcome.Success, "nothing keeps a script from that");

        using var next = await _bench.Bench.Ready(new PlayedJob { Id = 4712 });
        await hostile.CleanUp();
        await next.CleanUp();

        File.GetUnixFileMode(_bench.Host.Records.Directory).Should().Be((UnixFileMode)0b111_000_000);
        _bench.Host.Records.All().Should().BeEmpty();
    }

    [Fact]
    public async Task A_cleanup_that_fails_leaves_the_record_to_the_reaper()
    {
        var attempt = await _bench.Bench.Ready(Job);
        File.Delete(Path.Combine(_bench.Host.Directory, "kubeconfig"));

        (await attempt.Stages.Cleanup()).Outcome.Should().NotBe(RunnerOutcome.Success);

        _bench.Host.Records.All().Should().ContainSingle();
    }

    [Fact]
    public async Task A_record_that_a_script_has_changed_leads_to_no_other_root()
    {
        var attempt = await _bench.Bench.Ready(Job);

        _bench.Change(attempt, record => record with { WorkspaceRoot = "/srv/of-others" });

        _bench.RecordOf(attempt).WorkspaceDirectory.Should().Be(attempt.Workspace);
    }

    [Fact]
    public async Task A_builder_without_state_and_labels_is_found_by_the_record()
    {
        var attempt = await _bench.Bench.Ready(Job);
        File.Delete(attempt.Paths.StateFile);
        Change(s => s["instance"] = "renamed");

        await attempt.CleanUp();

        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Theory]
    [InlineData("{ \"instance\": ")]
    [InlineData("""{ "instanse": "gitlab" }""")]
    public async Task An_admins_slip_in_the_settings_leaves_nothing_behind(string settings)
    {
        var attempt = await _bench.Bench.Ready(Job);
        await File.WriteAllTextAsync(SettingsPath, settings, TestContext.Current.CancellationToken);

        await attempt.CleanUp();

        attempt
            .Log.Text.Should()
            .Contain("Warning: The settings file")
            .And.Contain("Cleanup goes by the settings that prepare has used.");
        await _bench.Namespace.ShouldBecomeEmpty();
        _bench.Host.Workspaces.Should().BeEmpty();
        _bench.Host.Records.All().Should().BeEmpty();
    }

    [Fact]
    public async Task A_root_that_was_changed_meanwhile_leaves_nothing_in_the_old_one()
    {
        var attempt = await _bench.Bench.Ready(Job);
        Change(s => s["workspace"] = new JsonObject { ["root"] = Path.Combine(_bench.Host.Directory, "new-root") });

        await attempt.CleanUp();

        _bench.Host.Workspaces.Should().BeEmpty();
        _bench.Host.Records.All().Should().BeEmpty();
    }

    [Fact]
    public async Task Prepare_sweeps_what_others_have_left_and_only_the_admin_hears_of_it()
    {
        var left = await Left(1);
        StartOnceGone(left);

        var attempt = await _bench.Bench.Ready(Job);

        attempt.Log.Text.Should().NotContain(left);
        (await File.ReadAllTextAsync(_bench.Host.AdminLog, TestContext.Current.CancellationToken))
            .Should()
            .Contain($"gc: removed builder {left}");
    }

    [Fact]
    public async Task Prepare_does_not_sweep_again_within_ten_minutes()
    {
        await _bench.Bench.Ready(Job);
        var left = await Left(1);

        await _bench.Bench.Ready(Job with { Id = 4712 });
        (await _bench.Builders()).Should().Contain(left);

        File.SetLastWriteTimeUtc(Path.Join(_bench.Host.Records.Directory, "swept"), DateTime.UtcNow.AddMinutes(-11));
        StartOnceGone(left);
        await _bench.Bench.Ready(Job with { Id = 4713 });
    }

    [Fact]
    public async Task Prepare_does_not_sweep_where_the_admin_does_not_want_it()
    {
        var left = await Left(1);
        Change(s => s["gc"] = new JsonObject { ["sweepOnPrepare"] = false });

        await _bench.Bench.Ready(Job);

        (await _bench.Builders()).Should().Contain(left);
    }

    [Fact]
    public async Task A_sweep_that_can_not_be_done_is_no_matter_of_the_jobs()
    {
        var kubeconfig = await _bench.Namespace.KubeconfigOfAccount(
            "no-list",
            new V1PolicyRule
            {
                ApiGroups = [""],
                Resources = ["pods"],
                Verbs = ["create", "get", "watch"],
            },
            new V1PolicyRule
            {
                ApiGroups = [""],
                Resources = ["secrets"],
                Verbs = ["create"],
            },
            new V1PolicyRule
            {
                ApiGroups = [""],
                Resources = ["events"],
                Verbs = ["list", "watch"],
            }
        );
        using var host = new RunnerHost(kubeconfig, _bench.Namespace.Name);
        var attempt = host.Attempt(Job);

        await attempt.BecomeReady();

        attempt.Log.Text.Should().NotContainAny("gc: ", "refused", "Warning");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_runners_pod_owns_builders_in_its_own_namespace_alone(bool same)
    {
        var uid = Guid.NewGuid().ToString();
        var environment = new Dictionary<string, string>(_bench.Host.Runner.Environment)
        {
            [OwnerPod.NameVariable] = "runner-0",
            [OwnerPod.UidVariable] = uid,
            [OwnerPod.NamespaceVariable] = same ? _bench.Namespace.Name : "gitlab-runner",
        };
        using var attempt = new JobAttempt(_bench.Host.Runner with { Environment = environment }, Job);
        await attempt.BecomeReady();

        var pod = await _bench.Namespace.OnlyPod();

        (pod.Metadata.OwnerReferences?.Select(o => o.Uid) ?? []).Should().Equal(same ? [uid] : []);
        (await _bench.Namespace.OnlySecret())
            .Metadata.OwnerReferences.Should()
            .ContainSingle()
            .Which.Uid.Should()
            .Be(pod.Metadata.Uid);
        await attempt.CleanUp();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>Lets jobs' builders start when what was left is gone and the admin was told: prepare does not wait for
    /// the sweep, so it is given the time.</summary>
    private void StartOnceGone(string left)
    {
        var starts = _bench.Bench.Node.Starts;
        _bench.Bench.Node.Starts = async pod =>
        {
            await Eventually.True(
                () => _bench.Host.AdminLogText().Contains($"gc: removed builder {left}", StringComparison.Ordinal),
                "the builder that was left is gone"
            );
            await starts(pod);
        };
    }

    private async Task<string> Left(long job)
    {
        var starts = _bench.Bench.Node.Starts;
        _bench.Bench.Node.Starts = pod =>
            pod.Pod.Metadata.Labels[BuilderLabels.JobId] == $"{job}" ? Task.CompletedTask : starts(pod);
        var pod = await _bench.Builder(job);
        await _bench.Expire(pod.Metadata.Name);
        return pod.Metadata.Name;
    }

    private void Change(Action<JsonObject> change)
    {
        var settings = JsonNode.Parse(File.ReadAllText(SettingsPath))!.AsObject();
        change(settings);
        File.WriteAllText(SettingsPath, settings.ToJsonString());
    }
}
