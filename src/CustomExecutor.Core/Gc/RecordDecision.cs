using CustomExecutor.Core.Attempt;

namespace CustomExecutor.Core.Gc;

/// <summary>What is seen of an attempt's directory.</summary>
/// <param name="Exists">Whether there is anything at its path.</param>
/// <param name="Parent">Which directory is above it, as <see cref="AttemptRecord.AttemptParent"/>; empty where it can't
/// be told.</param>
public sealed record AttemptSighting(bool Exists, string Parent);

/// <summary>Decides whether an attempt on this host is over.</summary>
public static class RecordDecision
{
    /// <summary>Judges a record.</summary>
    /// <param name="record">What prepare wrote.</param>
    /// <param name="now">When and where it is judged.</param>
    /// <param name="seen">The attempt's directory by now.</param>
    public static GcDecision Of(AttemptRecord record, HostTime now, AttemptSighting seen)
    {
        if (now.IsAfterRestartSince(record.Began))
            return GcDecision.Remove("this host was restarted since");
        var age = now.Since(record.Began);
        var over = age - record.Lifetime;
        if (over > GcTimes.Margin)
            return GcDecision.Remove($"its deadline passed {GcTimes.InWords(over)} ago");
        if (age > GcTimes.BirthWindow && IsGone(record, now, seen))
            return GcDecision.Remove("the runner has removed its attempt directory");
        return GcDecision.Live;
    }

    /// <summary>The very directory that held it holds it no longer; where another one is seen in its place, nothing is
    /// known.</summary>
    private static bool IsGone(AttemptRecord record, HostTime now, AttemptSighting seen) =>
        !seen.Exists && now.IsOfBootOf(record.Began) && seen.Parent.Length > 0 && seen.Parent == record.AttemptParent;
}
