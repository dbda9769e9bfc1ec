namespace CustomExecutor.Core.Attempt;

/// <summary>
/// A point in time as one host sees it. The clock on the wall can be set, and runs on while a laptop or a virtual
/// machine sleeps; the time after boot does neither, and the runner's own timeouts go by it. It can be compared with
/// one of the same boot alone.
/// </summary>
/// <param name="Clock">The clock on the wall.</param>
/// <param name="AfterBoot">How long the host has been awake since it was started.</param>
/// <param name="Boot">Tells one start of one kernel from every other; empty where it can't be told.</param>
/// <param name="Machine">Tells this host from others that may see the same files; empty where it can't be told.</param>
public sealed record HostTime(DateTimeOffset Clock, TimeSpan AfterBoot, string Boot, string Machine)
{
    /// <summary>How far clocks may be apart.</summary>
    public static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(10);

    /// <summary>Whether both are of one start of one kernel.</summary>
    public bool IsOfBootOf(HostTime other) => Boot.Length > 0 && Boot == other.Boot;

    /// <summary>
    /// Whether this host was started after <paramref name="earlier"/>, so that no process of then can live: another
    /// boot of the same machine, which by its clock as well began later.
    /// </summary>
    public bool IsAfterRestartSince(HostTime earlier) =>
        Boot.Length > 0
        && earlier.Boot.Length > 0
        && Boot != earlier.Boot
        && Machine.Length > 0
        && Machine == earlier.Machine
        && Clock - AfterBoot > earlier.Clock - ClockMargin;

    /// <summary>How much time has gone by since <paramref name="earlier"/>, by the best clock that both have.</summary>
    public TimeSpan Since(HostTime earlier) =>
        IsOfBootOf(earlier) ? AfterBoot - earlier.AfterBoot : Clock - earlier.Clock;
}
