namespace CustomExecutor.Core.Builder;

/// <summary>How long to wait between two tries to reach a builder whose container runs.</summary>
public static class DialDelay
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>buildkitd listens 100 to 600 ms after its start. A tenth of the time so far costs a job at most that
    /// much more.</summary>
    /// <param name="sinceFirstTry">How long the builder has been tried.</param>
    public static TimeSpan After(TimeSpan sinceFirstTry)
    {
        var tenth = sinceFirstTry / 10;
        return tenth < Shortest ? Shortest
            : tenth > Longest ? Longest
            : tenth;
    }
}
