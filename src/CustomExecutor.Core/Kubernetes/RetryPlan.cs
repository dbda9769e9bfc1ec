using System.Globalization;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>Decides whether an API call is tried again, and when.</summary>
public static class RetryPlan
{
    /// <summary>
    /// How long a server is looked for that has not answered at all so far: long enough for a connection that comes and
    /// goes, short enough for somebody who has a wrong kubeconfig. The runner prepares a job three times before it
    /// gives up.
    /// </summary>
    public static readonly TimeSpan FirstContact = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>An answer that is none may come from a server that is not Kubernetes: that mends itself less often than
    /// a broken connection does.</summary>
    private const int MostGarbledTries = 5;

    /// <summary>How long to wait before the next try; null to give up.</summary>
    /// <param name="fault">What the last try met.</param>
    /// <param name="tries">How many tries there were.</param>
    /// <param name="left">What is left of the budget.</param>
    /// <param name="chance">From 0 to 1: all drivers that one outage hit shall not come back at one time.</param>
    public static TimeSpan? Delay(ApiFault fault, int tries, TimeSpan left, double chance)
    {
        if (fault.IsPermanent || (fault.Kind == ApiFaultKind.Garbled && tries >= MostGarbledTries))
            return null;
        var delay = Pause(fault, tries, chance);
        return delay < left ? delay : null;
    }

    /// <summary>How long to wait before the next try, if there is one: the delay that grows with the failures, and what
    /// the server asks for.</summary>
    /// <param name="fault">What the last try met; null if it ended without a fault.</param>
    /// <param name="failures">How many tries have failed.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan Pause(ApiFault? fault, int failures, double chance)
    {
        var asked = fault?.RetryAfter ?? TimeSpan.Zero;
        return Backoff(failures, chance) + (asked < LongestRetryAfter ? asked : LongestRetryAfter);
    }

    /// <summary>The delay after so many failures: twice as long each time, up to a bound; between a half and the whole
    /// of it by chance.</summary>
    public static TimeSpan Backoff(int failures, double chance)
    {
        var whole = FirstDelay * Math.Pow(2, Math.Clamp(failures, 1, 16) - 1);
        return (whole < LongestDelay ? whole : LongestDelay) * (0.5 + (chance / 2));
    }

    /// <summary>What is left of a budget, for a call that began some time ago.</summary>
    /// <param name="fault">What the last try met.</param>
    /// <param name="budget">The stage's budget that is left.</param>
    /// <param name="hasContact">Whether the server has ever answered this stage.</param>
    /// <param name="sinceFirstTry">How long the call has been tried.</param>
    public static TimeSpan Left(ApiFault fault, TimeSpan budget, bool hasContact, TimeSpan sinceFirstTry)
    {
        if (hasContact || fault.HasContact)
            return budget;
        var search = FirstContact - sinceFirstTry;
        return search < budget ? search : budget;
    }

    /// <summary>
    /// How long one try may take. A server that is merely slow (a webhook may take 30 s) gets longer each time; one
    /// that is gone is not waited for that long.
    /// </summary>
    public static TimeSpan TryTimeout(int tries) => TimeSpan.FromSeconds(10 * Math.Clamp(tries, 1, 3));

    /// <summary>Reads the header Retry-After: seconds, as Kubernetes writes it. A date is none of its forms.</summary>
    public static TimeSpan? RetryAfter(string? header) =>
        int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
