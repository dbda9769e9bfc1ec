using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Core.Tests.Kubernetes;

/// <summary>Whether an API call is tried again, and when.</summary>
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
    public void What_passes_is_tried_again(int status) =>
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
    public void What_is_permanent_is_not(int status, string? reason = null) =>
        RetryPlan.Delay(Answer(status) with { Reason = reason }, 1, Plenty, 0).Should().BeNull();

    [Fact]
    public void A_conflict_over_the_namespaces_quota_is_tried_again() =>
        RetryPlan.Delay(Answer(409) with { Reason = "Conflict" }, 1, Plenty, 0).Should().NotBeNull();

    [Theory]
    [InlineData(ApiFaultKind.Unreachable)]
    [InlineData(ApiFaultKind.Silent)]
    [InlineData(ApiFaultKind.Broken)]
    [InlineData(ApiFaultKind.Garbled)]
    public void A_connection_that_fails_is_tried_again(ApiFaultKind kind) =>
        RetryPlan.Delay(new ApiFault(kind, ""), 1, Plenty, 0).Should().NotBeNull();

    [Fact]
    public void A_server_that_is_not_trusted_is_not_tried_again() =>
        RetryPlan.Delay(new ApiFault(ApiFaultKind.Untrusted, ""), 1, Plenty, 0).Should().BeNull();

    [Fact]
    public void A_server_that_speaks_something_else_is_given_up_soon() =>
        RetryPlan.Delay(new ApiFault(ApiFaultKind.Garbled, ""), 5, Plenty, 0).Should().BeNull();

    [Fact]
    public void The_delay_doubles_up_to_a_bound()
    {
        var delays = Enumerable.Range(1, 40).Select(n => RetryPlan.Backoff(n, 1).TotalMilliseconds).ToList();

        delays.Take(5).Should().Equal(200, 400, 800, 1600, 3200);
        delays.Skip(5).Should().AllBeEquivalentTo(5000);
    }

    [Fact]
    public void Chance_takes_up_to_a_half_of_the_delay_away()
    {
        RetryPlan.Backoff(3, 0).Should().Be(TimeSpan.FromMilliseconds(400));
        RetryPlan.Backoff(3, 0.5).Should().Be(TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public void The_server_is_left_alone_for_as_long_as_it_asks() =>
        RetryPlan
            .Delay(Answer(429) with { RetryAfter = TimeSpan.FromSeconds(7) }, 1, Plenty, 1)
            .Should()
            .Be(TimeSpan.FromSeconds(7.2));

    [Fact]
    public void It_may_not_ask_for_hours() =>
        RetryPlan
            .Delay(Answer(503) with { RetryAfter = TimeSpan.FromHours(7) }, 1, Plenty, 1)
            .Should()
            .Be(TimeSpan.FromSeconds(30.2));

    [Fact]
    public void There_is_no_try_that_the_budget_does_not_cover()
    {
        RetryPlan.Delay(Answer(503), 1, TimeSpan.FromMilliseconds(100), 1).Should().BeNull();
        RetryPlan.Delay(Answer(503), 1, TimeSpan.FromSeconds(-1), 0).Should().BeNull();
    }

    [Fact]
    public void A_server_that_never_answered_is_looked_for_a_while_only()
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
    public void A_server_that_has_answered_before_is_waited_for_as_long_as_the_stage_may_take()
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
    public void Anything_else_is_no_retry_after(string? header) => RetryPlan.RetryAfter(header).Should().BeNull();

    private static ApiFault Answer(int status) => new(ApiFaultKind.Answered, "") { Status = status };
}
