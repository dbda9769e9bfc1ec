using CustomExecutor.Core.Attempt;

namespace CustomExecutor.Core.Gc;

/// <summary>What is seen of an attempt's directory.</summary>
/// <param name="Exists">Whether there is anything at its path.</param>
/// <param name="Parent">Which directory is above it, as <see cref="JobRecord.AttemptParent"/>; empty where it can't be
/// told.</param>
public sealed record AttemptSighting(bool Exists, string Parent);

/// <summary>Decides whether an attempt on this host is over.</summary>
public static class RecordFate
{
    /// <summary>Judges a record.</summary>
    /// <param name="record">What prepare wrote.</param>
    /// <param name="now">When and where it is judged.</param>
    /// <param name="seen">The attempt's directory by now.</param>
    public static Fate Of(JobRecord record, Moment now, AttemptSighting seen)
    {
        if (now.IsAfterRestartSince(record.Began))
            return Fate.Remove("this host was restarted since");
        var age = now.Since(record.Began);
        var over = age - record.Lifetime;
        if (over > ReaperTimes.Margin)
            return Fate.Remove($"its deadline passed {ReaperTimes.InWords(over)} ago");
        if (age > ReaperTimes.BirthWindow && IsGone(record, now, seen))
            return Fate.Remove("the runner has removed its attempt directory");
        return Fate.Live;
    }

    /// <summary>The very directory that held it holds it no longer; where another one is seen in its place, nothing is
    /// known.</summary>
    private static bool IsGone(JobRecord record, Moment now, AttemptSighting seen) =>
        !seen.Exists && now.IsOfBootOf(record.Began) && seen.Parent.Length > 0 && seen.Parent == record.AttemptParent;
}
