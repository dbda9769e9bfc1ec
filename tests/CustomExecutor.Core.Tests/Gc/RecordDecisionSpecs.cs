using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Gc;
using static CustomExecutor.Core.Tests.Gc.GcFixtures;

namespace CustomExecutor.Core.Tests.Gc;

public sealed class RecordDecisionSpecs
{
    private static readonly AttemptSighting There = new(Exists: true, Sound.AttemptParent);
    private static readonly AttemptSighting Gone = new(Exists: false, Sound.AttemptParent);

    [Theory]
    [InlineData(0, GcDecisionKind.Live)]
    [InlineData(79, GcDecisionKind.Live)]
    [InlineData(81, GcDecisionKind.Remove)]
    public void An_attempt_is_over_some_time_after_its_deadline(double minutes, GcDecisionKind fate) =>
        RecordDecision.Of(Sound, After(minutes), There).Kind.Should().Be(fate);

    [Theory]
    [InlineData(4, GcDecisionKind.Live)]
    [InlineData(6, GcDecisionKind.Remove)]
    public void An_attempt_whose_directory_the_runner_has_removed_is_over_but_for_its_first_minutes(
        double minutes,
        GcDecisionKind fate
    ) => RecordDecision.Of(Sound, After(minutes), Gone).Kind.Should().Be(fate);

    [Theory]
    [InlineData("8:1:3")]
    [InlineData("")]
    public void A_directory_that_is_looked_for_in_another_place_is_not_gone(string parent) =>
        RecordDecision
            .Of(Sound, After(60), new AttemptSighting(Exists: false, parent))
            .Kind.Should()
            .Be(GcDecisionKind.Live, "a service or a container has a /tmp of its own");

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    [InlineData(-1_000_000)]
    [InlineData(1_000_000)]
    public void The_clock_on_the_wall_may_be_set_as_often_as_one_likes(double off)
    {
        RecordDecision
            .Of(Sound, After(60) with { Clock = Clock.AddMinutes(60 + off) }, There)
            .Kind.Should()
            .Be(GcDecisionKind.Live);
        RecordDecision
            .Of(Sound, After(90) with { Clock = Clock.AddMinutes(90 + off) }, There)
            .Kind.Should()
            .Be(GcDecisionKind.Remove);
    }

    [Fact]
    public void A_job_on_a_laptop_that_slept_goes_on_with_the_time_that_it_had_left() =>
        RecordDecision
            .Of(Sound, After(30) with { Clock = Clock.AddHours(9) }, There)
            .Kind.Should()
            .Be(GcDecisionKind.Live, "the runner's timeouts slept as well");

    [Fact]
    public void No_job_survives_a_restart_of_its_host() =>
        RecordDecision
            .Of(Sound, new HostTime(Clock.AddMinutes(3), TimeSpan.FromMinutes(1), "boot-2", "machine-1"), There)
            .Kind.Should()
            .Be(GcDecisionKind.Remove);

    [Theory]
    [InlineData("boot-2", "machine-2", 3)]
    [InlineData("boot-2", "", 3)]
    [InlineData("", "machine-1", 3)]
    [InlineData("boot-2", "machine-1", 60 * 24 * 20)]
    public void What_is_not_surely_a_restart_of_the_same_host_is_none(string boot, string machine, double uptime) =>
        RecordDecision
            .Of(Sound, new HostTime(Clock.AddMinutes(3), TimeSpan.FromMinutes(uptime), boot, machine), Gone)
            .Kind.Should()
            .Be(GcDecisionKind.Live);

    [Theory]
    [InlineData(75, GcDecisionKind.Live)]
    [InlineData(85, GcDecisionKind.Remove)]
    public void From_another_host_only_the_clock_on_the_wall_counts_with_a_margin(
        double minutes,
        GcDecisionKind fate
    ) =>
        RecordDecision
            .Of(Sound, new HostTime(Clock.AddMinutes(minutes), TimeSpan.Zero, "boot-2", "machine-2"), Gone)
            .Kind.Should()
            .Be(fate);
}
