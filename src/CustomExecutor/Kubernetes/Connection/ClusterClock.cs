using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>The API server's clock beside this host's, by the <c>Date</c> of its last answer. Before the first answer
/// the two are taken for the same.</summary>
internal sealed class ClusterClock(TimeProvider time)
{
    private long _serverAhead;

    /// <summary>The API server's time minus this host's, to the second.</summary>
    public TimeSpan ServerAhead => TimeSpan.FromTicks(Interlocked.Read(ref _serverAhead));

    /// <summary>The difference in words; null if it does not matter.</summary>
    public string? Difference => ClockDifference.Sentence(ServerAhead);

    /// <summary>Updates the difference from an answer's <c>Date</c>.</summary>
    public void Note(DateTimeOffset? date)
    {
        if (date is { } server)
            Interlocked.Exchange(ref _serverAhead, (server - time.GetUtcNow()).Ticks);
    }
}
