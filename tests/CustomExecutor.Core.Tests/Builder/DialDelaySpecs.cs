using CustomExecutor.Core.Builder;

namespace CustomExecutor.Core.Tests.Builder;

/// <summary>How soon a builder that does not listen yet is tried again.</summary>
public sealed class DialDelaySpecs
{
    [Theory]
    [InlineData(-5, 10)]
    [InlineData(0, 10)]
    [InlineData(100, 10)]
    [InlineData(600, 60)]
    [InlineData(2500, 250)]
    [InlineData(86_400_000, 250)]
    public void It_is_a_tenth_of_the_time_so_far_within_bounds(int sinceFirstTry, int delay) =>
        DialDelay.After(TimeSpan.FromMilliseconds(sinceFirstTry)).Should().Be(TimeSpan.FromMilliseconds(delay));
}
