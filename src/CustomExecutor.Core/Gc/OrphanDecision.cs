using CustomExecutor.Core.Builder;

namespace CustomExecutor.Core.Gc;

/// <summary>Decides about files that no record tells of. Only the clock on the wall is known of them, so they wait
/// long.</summary>
public static class OrphanDecision
{
    /// <summary>An attempt's directory of which no prepare has left a record.</summary>
    /// <param name="began">When the runner wrote its response file.</param>
    /// <param name="timeout">Its job's own timeout.</param>
    /// <param name="now">The clock.</param>
    public static GcDecision OfAttempt(DateTimeOffset began, TimeSpan timeout, DateTimeOffset now)
    {
        var over = now - began - timeout - BuilderPlanner.GraceAfterTimeout;
        return over > GcTimes.AttemptAge
            ? GcDecision.Remove($"its job's deadline passed {GcTimes.InWords(over)} ago")
            : GcDecision.Live;
    }

    /// <summary>A workspace without a record, or a record that can't be read.</summary>
    /// <param name="modified">When it was last changed.</param>
    /// <param name="now">The clock.</param>
    public static GcDecision OfUnknown(DateTimeOffset modified, DateTimeOffset now)
    {
        var age = now - modified;
        return age > GcTimes.UnknownAge ? GcDecision.Remove($"it is {GcTimes.InWords(age)} old") : GcDecision.Live;
    }
}
