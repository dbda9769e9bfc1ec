using System.Globalization;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>Decides whether the difference between two clocks matters.</summary>
public static class ClockDifference
{
    /// <summary>Larger differences break certificates and tokens. A healthy clock is within a second.</summary>
    public static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(5);

    /// <summary>The sentence for people; null if the difference does not matter.</summary>
    /// <param name="serverAhead">The API server's time minus this host's.</param>
    public static string? Sentence(TimeSpan serverAhead) =>
        serverAhead.Duration() <= Tolerated
            ? null
            : $"The clocks of this host and the API server differ by {Text(serverAhead.Duration())} "
                + $"(this host is {(serverAhead > TimeSpan.Zero ? "behind" : "ahead")}): synchronize them, for "
                + "example with chrony.";

    private static string Text(TimeSpan length) =>
        length switch
        {
            { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:0} min"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{length.TotalHours:0} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{length.TotalDays:0} days"),
        };
}
