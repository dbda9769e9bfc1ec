using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Core.Tests.Kubernetes;

/// <summary>Whether and when an API call is retried.</summary>
public sealed class RetryPlanSpecs
{
    private static readonly TimeSpan Plenty = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public void A_temporary_fault_is_retried(int status) =>
        RetryPlan.Delay(Answer(status), 1, Plenty, 0).Should().NotBeNull();

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(409, "AlreadyExists")]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(501)]
    public void A_permanent_fault_is_not_retried(int status, string? reason = null) =>
        RetryPlan.Delay(Answer(status) with { Reason = reason }, 1, Plenty, 0).Should().BeNull();

    [Fact]
    public void A_conflict_over_the_namespaces_quota_is_retried() =>
        RetryPlan.Delay(Answer(409) with { Reason = "Conflict" }, 1, Plenty, 0).Should().NotBeNull();

    [Theory]
    [InlineData(ApiFaultKind.Unreachable)]
    [InlineData(ApiFaultKind.Silent)]
    [InlineData(ApiFaultKind.Broken)]
    [InlineData(ApiFaultKind.Garbled)]
    public void A_failed_connection_is_retried(ApiFaultKind kind) =>
        RetryPlan.Delay(new ApiFault(kind, ""), 1, Plenty, 0).Should().NotBeNull();

    [Fact]
    public void An_untrusted_server_is_not_retried() =>
        RetryPlan.Delay(new ApiFault(ApiFaultKind.Untrusted, ""), 1, Plenty, 0).Should().BeNull();

    [Fact]
    public void Invalid_answers_are_retried_only_a_few_times() =>
        RetryPlan.Delay(new ApiFault(ApiFaultKind.Garbled, ""), 5, Plenty, 0).Should().BeNull();

    [Fact]
    public void The_delay_doubles_up_to_a_limit()
    {
        var delays = Enumerable.Range(1, 40).Select(n => RetryPlan.Backoff(n, 1).TotalMilliseconds).ToList();

        delays.Take(5).Should().Equal(200, 400, 800, 1600, 3200);
        delays.Skip(5).Should().AllBeEquivalentTo(5000);
    }

    [Fact]
    public void Jitter_removes_up_to_half_of_the_delay()
    {
        RetryPlan.Backoff(3, 0).Should().Be(TimeSpan.FromMilliseconds(400));
        RetryPlan.Backoff(3, 0.5).Should().Be(TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public void Retry_After_of_the_server_is_respected() =>
        RetryPlan
            .Delay(Answer(429) with { RetryAfter = TimeSpan.FromSeconds(7) }, 1, Plenty, 1)
            .Should()
            .Be(TimeSpan.FromSeconds(7.2));

    [Fact]
    public void A_very_long_Retry_After_is_limited() =>
        RetryPlan
            .Delay(Answer(503) with { RetryAfter = TimeSpan.FromHours(7) }, 1, Plenty, 1)
            .Should()
            .Be(TimeSpan.FromSeconds(30.2));

    [Fact]
    public void A_retry_never_exceeds_the_budget()
    {
        RetryPlan.Delay(Answer(503), 1, TimeSpan.FromMilliseconds(100), 1).Should().BeNull();
        RetryPlan.Delay(Answer(503), 1, TimeSpan.FromSeconds(-1), 0).Should().BeNull();
    }

    [Fact]
    public void A_server_that_never_answered_is_retried_for_a_short_time_only()
    {
        var refused = new ApiFault(ApiFaultKind.Unreachable, "");

        RetryPlan
            .Left(refused, Plenty, hasContact: false, TimeSpan.FromSeconds(5))
            .Should()
            .Be(RetryPlan.FirstContact - TimeSpan.FromSeconds(5));
        RetryPlan
            .Left(refused, TimeSpan.FromSeconds(3), hasContact: false, TimeSpan.Zero)
            .Should()
            .Be(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_server_that_answered_before_is_retried_for_the_whole_stage()
    {
        RetryPlan
            .Left(new ApiFault(ApiFaultKind.Unreachable, ""), Plenty, hasContact: true, TimeSpan.FromMinutes(1))
            .Should()
            .Be(Plenty);
        RetryPlan.Left(Answer(503), Plenty, hasContact: false, TimeSpan.FromMinutes(1)).Should().Be(Plenty);
    }

    [Fact]
    public void A_slow_server_gets_more_time_with_each_try() =>
        Enumerable.Range(1, 5).Select(n => RetryPlan.TryTimeout(n).TotalSeconds).Should().Equal(10, 20, 30, 30, 30);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("17", 17)]
    public void Retry_after_is_in_seconds(string header, int seconds) =>
        RetryPlan.RetryAfter(header).Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("99999999999999999999")]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT")]
    public void Other_values_of_Retry_After_are_ignored(string? header) =>
        RetryPlan.RetryAfter(header).Should().BeNull();

    [Fact]
    public void A_watch_that_ended_well_is_opened_again_after_the_same_pause_as_after_a_fault()
    {
        RetryPlan.Pause(null, 3, 0.5).Should().Be(RetryPlan.Backoff(3, 0.5));
        RetryPlan.Pause(Answer(503), 3, 0.5).Should().Be(RetryPlan.Backoff(3, 0.5));
    }

    [Fact]
    public void A_watch_is_opened_again_however_often_its_server_answers_nonsense()
    {
        var garbled = new ApiFault(ApiFaultKind.Garbled, "cut off");

        RetryPlan.Delay(garbled, 100, Plenty, 1).Should().BeNull("a call is given up");
        RetryPlan.Pause(garbled, 100, 1).Should().Be(TimeSpan.FromSeconds(5));
    }

    private static ApiFault Answer(int status) => new(ApiFaultKind.Answered, "") { Status = status };
}
