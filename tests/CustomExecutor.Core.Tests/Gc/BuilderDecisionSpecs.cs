using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Gc;
using k8s.Models;
using static CustomExecutor.Core.Tests.Gc.GcFixtures;

namespace CustomExecutor.Core.Tests.Gc;

public sealed class BuilderDecisionSpecs
{
    [Theory]
    [InlineData(0, GcDecisionKind.Live)]
    [InlineData(71, GcDecisionKind.Live)]
    [InlineData(79, GcDecisionKind.Live)]
    [InlineData(81, GcDecisionKind.Remove)]
    public void A_builder_goes_when_it_has_expired_and_clocks_may_be_ten_minutes_apart(
        double minutes,
        GcDecisionKind fate
    ) => BuilderDecision.Of(Pod(), Clock.AddMinutes(minutes)).Kind.Should().Be(fate);

    [Theory]
    [InlineData(-5)]
    [InlineData(-60)]
    [InlineData(-100_000)]
    public void A_clock_that_was_behind_where_the_builder_was_made_shortens_no_jobs_time(double off) =>
        BuilderDecision.Of(Pod(expires: 70 + off), Clock.AddMinutes(64.9)).Kind.Should().Be(GcDecisionKind.Live);

    [Theory]
    [InlineData(5, 90)]
    [InlineData(60, 150)]
    [InlineData(100_000_000, 65 + 1440 + 15)]
    public void A_clock_that_was_ahead_where_the_builder_was_made_keeps_it_for_a_day_more_at_the_most(
        double off,
        double gone
    ) => BuilderDecision.Of(Pod(expires: 70 + off), Clock.AddMinutes(gone)).Kind.Should().Be(GcDecisionKind.Remove);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("2026-13-45T99:99:99Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void Without_a_time_that_can_be_read_the_deadline_counts_from_its_creation(string? expires)
    {
        var pod = Pod(expires: null);
        if (expires is not null)
            pod.Metadata.Annotations = new Dictionary<string, string> { [BuilderLabels.ExpiresAt] = expires };

        BuilderDecision.Of(pod, Clock.AddMinutes(74)).Kind.Should().Be(GcDecisionKind.Live);
        BuilderDecision.Of(pod, Clock.AddMinutes(76)).Kind.Should().Be(GcDecisionKind.Remove);
    }

    [Fact]
    public void A_pod_without_any_time_is_left_and_told_of() =>
        BuilderDecision
            .Of(Pod(expires: null, deadline: null), Clock.AddYears(1))
            .Should()
            .Match<GcDecision>(f => f.Kind == GcDecisionKind.Leave && f.Reason.Contains("neither a deadline"));

    [Theory]
    [InlineData("k8s-builder-8-bcdfghjk", "7")]
    [InlineData("k8s-builder-77-bcdfghjk", "7")]
    [InlineData("coredns", "7")]
    [InlineData("k8s-builder-7-bcdfghjk", "seven")]
    [InlineData("k8s-builder-7-bcdfghjk", null)]
    public void A_pod_whose_name_and_labels_do_not_belong_together_is_left_and_told_of(string name, string? job)
    {
        var pod = Pod();
        pod.Metadata.Name = name;
        pod.Metadata.Labels = job is null ? null : new Dictionary<string, string> { [BuilderLabels.JobId] = job };

        BuilderDecision.Of(pod, Clock.AddYears(1)).Kind.Should().Be(GcDecisionKind.Leave);
    }

    [Theory]
    [InlineData(1, GcDecisionKind.Live)]
    [InlineData(11, GcDecisionKind.Leave)]
    public void A_pod_that_was_deleted_already_is_only_told_of_when_its_node_does_not_let_go_of_it(
        double minutes,
        GcDecisionKind fate
    )
    {
        var pod = Pod();
        pod.Metadata.DeletionTimestamp = Clock.AddDays(1).UtcDateTime;

        BuilderDecision.Of(pod, Clock.AddDays(1).AddMinutes(minutes)).Kind.Should().Be(fate);
    }

    [Theory]
    [InlineData("OOMKilled")]
    [InlineData("Evicted")]
    public void A_builder_that_failed_stays_as_long_as_its_job_may_run_for_its_last_lines_are_wanted(string reason)
    {
        var pod = Pod();
        pod.Status = new V1PodStatus { Phase = "Failed", Reason = reason };

        BuilderDecision.Of(pod, Clock.AddMinutes(60)).Kind.Should().Be(GcDecisionKind.Live);
    }

    [Theory]
    [InlineData(69, GcDecisionKind.Live)]
    [InlineData(71, GcDecisionKind.Remove)]
    public void A_builder_that_Kubernetes_ended_at_its_deadline_goes_when_its_log_could_be_read(
        double minutes,
        GcDecisionKind fate
    )
    {
        var pod = Pod();
        pod.Status = new V1PodStatus
        {
            Phase = "Failed",
            Reason = "DeadlineExceeded",
            StartTime = Clock.UtcDateTime,
        };

        BuilderDecision.Of(pod, Clock.AddMinutes(minutes)).Kind.Should().Be(fate);
    }
}
