using CustomExecutor.Core.Gc;
using static CustomExecutor.Core.Tests.Gc.GcFixtures;

namespace CustomExecutor.Core.Tests.Gc;

public sealed class OrphanDecisionSpecs
{
    [Theory]
    [InlineData(24, GcDecisionKind.Live)]
    [InlineData(26, GcDecisionKind.Remove)]
    public void An_attempt_directory_without_a_record_goes_a_day_after_its_jobs_timeout(
        double hours,
        GcDecisionKind fate
    ) => OrphanDecision.OfAttempt(Clock, TimeSpan.FromHours(1), Clock.AddHours(hours)).Kind.Should().Be(fate);

    [Theory]
    [InlineData(6, GcDecisionKind.Live)]
    [InlineData(8, GcDecisionKind.Remove)]
    public void A_workspace_without_a_record_goes_after_a_week(double days, GcDecisionKind fate) =>
        OrphanDecision.OfUnknown(Clock, Clock.AddDays(days)).Kind.Should().Be(fate);

    [Fact]
    public void A_file_from_the_future_is_not_old() =>
        OrphanDecision.OfUnknown(Clock.AddYears(1), Clock).Kind.Should().Be(GcDecisionKind.Live);

    [Theory]
    [InlineData(null, true)]
    [InlineData(-9.0, false)]
    [InlineData(-11.0, true)]
    [InlineData(5.0, false)]
    [InlineData(11.0, true)]
    public void A_sweep_is_due_every_ten_minutes_even_when_the_clock_was_set_back(double? last, bool due) =>
        GcTimes.IsSweepDue(last is { } minutes ? Clock.AddMinutes(minutes) : null, Clock).Should().Be(due);

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(89, "89 s")]
    [InlineData(600, "10 min")]
    [InlineData(7200, "2 h")]
    [InlineData(864000, "10 days")]
    public void Times_are_told_as_people_say_them(double seconds, string words) =>
        GcTimes.InWords(TimeSpan.FromSeconds(seconds)).Should().Be(words);
}
