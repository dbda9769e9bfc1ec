using System.Globalization;
using CustomExecutor.Core.Attempt;

namespace CustomExecutor.Core.Gc;

/// <summary>How long gc waits with what, and how it says so.</summary>
public static class GcTimes
{
    /// <summary>How young a thing is never removed, whatever else speaks for it.</summary>
    public static readonly TimeSpan BirthWindow = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How far clocks may be apart, and how long after its deadline a job may still be ending: the runner gives a
    /// script up to five minutes more, then cleanup has its time.
    /// </summary>
    public static readonly TimeSpan Margin = HostTime.ClockMargin;

    /// <summary>How long people can read the log of a builder that Kubernetes ended at its deadline.</summary>
    public static readonly TimeSpan LogPatience = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For an attempt directory without a record (prepare never came so far): how long after its job's own timeout.
    /// Longer than any computer's sleep that a job survives, since only the clock on the wall is known of it.
    /// </summary>
    public static readonly TimeSpan AttemptAge = TimeSpan.FromDays(1);

    /// <summary>
    /// For what tells nothing of its job (a workspace without a record, a damaged record): longer than jobs take, for
    /// it may belong to one that an older driver has prepared.
    /// </summary>
    public static readonly TimeSpan UnknownAge = TimeSpan.FromDays(7);

    /// <summary>How often a host's prepares look for what others have left.</summary>
    public static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(10);

    /// <summary>Whether a job's prepare collects where nothing on the host says when it was done last: one job of
    /// sixteen, so that many prepares at once do not all do it.</summary>
    public static bool IsTurnOf(long jobId) => jobId % 16 == 0;

    /// <summary>Whether gc is due; a last one in the future says that the clock was set back, and not that it was
    /// just now.</summary>
    public static bool IsSweepDue(DateTimeOffset? last, DateTimeOffset now) =>
        last is not { } then || (now - then).Duration() >= BetweenSweeps;

    /// <summary>A time span as people say it: <c>40 s</c>, <c>12 min</c>, <c>3 h</c>, <c>5 days</c>.</summary>
    public static string InWords(TimeSpan span) =>
        span switch
        {
            { TotalMinutes: < 1.5 } => string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Max(span.TotalSeconds, 0):0} s"
            ),
            { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
            { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
        };
}
