using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Core.Tests.Kubernetes;

public sealed class ClockDifferenceSpecs
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-300)]
    [InlineData(300)]
    public void Small_clock_differences_are_not_reported(int seconds) =>
        ClockDifference.Sentence(TimeSpan.FromSeconds(seconds)).Should().BeNull();

    [Theory]
    [InlineData(-1200, "20 min (this host is ahead)")]
    [InlineData(7200, "2 h (this host is behind)")]
    [InlineData(301, "5 min (this host is behind)")]
    [InlineData(-86400 * 3, "3 days (this host is ahead)")]
    public void Large_clock_differences_are_reported(int serverAhead, string text) =>
        ClockDifference
            .Sentence(TimeSpan.FromSeconds(serverAhead))
            .Should()
            .Be(
                $"The clocks of this host and the API server differ by {text}: synchronize them, for example with "
                    + "chrony."
            );
}
