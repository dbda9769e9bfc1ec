using CustomExecutor.Core.Builder;
using CustomExecutor.Kubernetes;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;
using k8s.Models;

namespace CustomExecutor.Tests.Gc;

/// <summary>gc on the cluster: the builders that nobody can need any more, and no other pod.</summary>
public sealed class GcBuilderSpecs : IAsyncLifetime
{
    private GcBench _bench = null!;

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await GcBench.Create();
        // No node takes these: what is asked of the API server is what is looked at.
        _bench.Bench.Node.Starts = _ => Task.CompletedTask;
    }

    [Fact]
    public async Task An_expired_builder_goes_with_its_secret_and_a_line_says_whose_it_was_and_why()
    {
        var pod = await _bench.Builder(4711);
        await _bench.Expire(pod.Metadata.Name);

        var result = await _bench.Gc();

        result.Code.Should().Be(0, result.Errors);
        result.Lines.Should().HaveCount(2);
        result
            .Lines[0]
            .Should()
            .Match(
                $"removed builder {pod.Metadata.Name} of job 4711 "
                    + "(https://gitlab.example.com/group/project/-/jobs/4711): it expired * ago"
            );
        result.Summary.Should().Be("removed 1 builder");
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Fact]
    public async Task A_builder_in_its_first_moments_is_not_touched_whatever_it_says_of_its_time()
    {
        await _bench.Builder(4711);
        await _bench.Builder(4712, change: p => p.Metadata.Annotations.Remove(BuilderLabels.ExpiresAt));
        await _bench.Builder(4713, change: p => p.Metadata.Annotations[BuilderLabels.ExpiresAt] = "soon");
        await _bench.Builder(
            4714,
            change: p => p.Metadata.Annotations[BuilderLabels.ExpiresAt] = "2020-01-01T00:00:00Z"
        );

        var result = await _bench.Gc();

        result.Lines.Should().Equal("nothing removed");
        (await _bench.Builders()).Should().HaveCount(4);
        (await _bench.Namespace.Secrets()).Should().HaveCount(4);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    [InlineData(-600)]
    public async Task Clocks_that_differ_end_no_jobs_builder(double minutes)
    {
        await _bench.Builder(4711, clockOff: TimeSpan.FromMinutes(minutes));

        (await _bench.Gc()).Lines.Should().Equal("nothing removed");
        (await _bench.GcAfter(TimeSpan.FromMinutes(-minutes))).Lines.Should().Equal("nothing removed");
    }

    [Fact]
    public async Task The_clock_of_the_host_that_reaps_does_not_matter_to_builders()
    {
        await _bench.Builder(4711);

        (await _bench.GcAfter(TimeSpan.FromDays(100))).Lines.Should().Equal("nothing removed");
    }

    [Fact]
    public async Task A_dry_run_says_what_would_go_and_removes_nothing()
    {
        var pod = await _bench.Builder(4711);
        await _bench.Expire(pod.Metadata.Name);

        var result = await _bench.Gc("--dry-run");

        result.Code.Should().Be(0, result.Errors);
        result.Lines[0].Should().StartWith($"would remove builder {pod.Metadata.Name} of job 4711");
        result.Summary.Should().Be("would remove 1 builder");
        (await _bench.Builders()).Should().ContainSingle();
        (await _bench.Namespace.Secrets()).Should().ContainSingle();
    }

    [Fact]
    public async Task Another_instances_builders_are_its_own_matter_unless_all_are_asked_for()
    {
        var other = await _bench.Builder(4711, instance: "other-gitlab");
        await _bench.Expire(other.Metadata.Name);

        (await _bench.Gc()).Lines.Should().Equal("nothing removed");
        (await _bench.Builders()).Should().ContainSingle();
        (await _bench.Gc("--all-instances")).Summary.Should().Be("removed 1 builder");
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Fact]
    public async Task Pods_of_others_are_not_touched_however_much_they_resemble_a_builder()
    {
        var unlabelled = await _bench.Builder(1, change: p => p.Metadata.Labels = null);
        var component = await _bench.Builder(2, change: p => p.Metadata.Labels[BuilderLabels.Component] = "runner");
        var manager = await _bench.Builder(3, change: p => p.Metadata.Labels[BuilderLabels.ManagedBy] = "helm");
        var name = await _bench.Builder(4, change: p => p.Metadata.Name = "buildkit-of-somebody");
        foreach (var pod in new[] { unlabelled, component, manager, name })
            await _bench.Expire(pod.Metadata.Name);

        var result = await _bench.Gc("--all-instances");

        result.Code.Should().Be(0, result.Errors);
        result.Lines.Should().HaveCount(2);
        result
            .Lines[0]
            .Should()
            .StartWith("kept builder buildkit-of-somebody: it is labelled as a builder, but its name");
        (await _bench.Builders()).Should().HaveCount(4);
        (await _bench.Namespace.Secrets()).Should().HaveCount(4);
    }

    [Fact]
    public async Task A_builder_that_died_stays_as_long_as_its_job_may_want_to_know_why()
    {
        var pod = await _bench.Builder(4711);
        await new PodOnNode(pod, TestEnds).Ended(137, "OOMKilled");

        (await _bench.Gc()).Lines.Should().Equal("nothing removed");
        await _bench.Expire(pod.Metadata.Name);
        (await _bench.Gc()).Summary.Should().Be("removed 1 builder");
    }

    [Fact]
    public async Task Ten_at_once_remove_everything_and_none_fails()
    {
        foreach (var job in Enumerable.Range(1, 6))
            await _bench.Builder(job);
        var live = await _bench.Builder(7);
        foreach (var name in (await _bench.Builders()).Where(n => n != live.Metadata.Name))
            await _bench.Expire(name);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _bench.Gc()));

        results.Should().OnlyContain(r => r.Code == 0, string.Join('\n', results.Select(r => r.Errors)));
        results
            .SelectMany(r => r.Lines)
            .Where(l => l.StartsWith("removed builder"))
            .Select(l => l.Split(' ')[2])
            .Distinct()
            .Should()
            .HaveCount(6);
        (await _bench.Builders()).Should().Equal(live.Metadata.Name);
        (await _bench.Namespace.OnlySecret()).Metadata.Name.Should().Be(live.Metadata.Name);
    }

    [Fact]
    public async Task A_pod_that_has_taken_the_name_of_the_one_that_was_judged_is_not_deleted()
    {
        var judged = await _bench.Builder(4711);
        judged.Metadata.Uid = Guid.NewGuid().ToString();

        (
            await new BuilderPods(
                TestCluster.Admin,
                _bench.Namespace.Name,
                ApiRetries.None(TimeProvider.System)
            ).DeleteExactly(judged, TestEnds)
        )
            .Should()
            .BeFalse();

        (await _bench.Builders()).Should().ContainSingle();
        (await _bench.Namespace.Secrets()).Should().ContainSingle();
    }

    [Fact]
    public async Task It_needs_no_more_rights_than_the_CronJobs_role_gives()
    {
        var kubeconfig = await _bench.Namespace.KubeconfigOfAccount(
            "gc",
            Rule("pods", "list", "delete"),
            Rule("secrets", "delete")
        );
        var pod = await _bench.Builder(4711);
        await _bench.Expire(pod.Metadata.Name);
        using var host = new RunnerHost(kubeconfig, _bench.Namespace.Name);

        (await GcBench.Gc(host)).Summary.Should().Be("removed 1 builder");
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Fact]
    public async Task What_can_not_be_done_is_told_at_the_end_with_the_system_failures_exit_code()
    {
        var kubeconfig = await _bench.Namespace.KubeconfigOfAccount("reader", Rule("pods", "list"));
        foreach (var job in new[] { 1, 2 })
            await _bench.Expire((await _bench.Builder(job)).Metadata.Name);
        using var host = new RunnerHost(kubeconfig, _bench.Namespace.Name);

        var result = await GcBench.Gc(host);

        result.Code.Should().Be(2);
        result.Summary.Should().Be("nothing removed; 2 problems");
        result
            .Errors.Should()
            .StartWith("ERROR: Kubernetes refused to delete the builder pod k8s-builder-")
            .And.NotContain("   at ");
        result
            .Errors.Split('\n')
            .Count(l => l.Contains("refused to delete the builder pod"))
            .Should()
            .Be(2, "all are told");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private static V1PolicyRule Rule(string resource, params string[] verbs) =>
        new()
        {
            ApiGroups = [""],
            Resources = [resource],
            Verbs = verbs,
        };
}
