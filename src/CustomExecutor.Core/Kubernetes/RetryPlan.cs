using System.Globalization;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>Decides whether and when to retry an API call.</summary>
public static class RetryPlan
{
    /// <summary>
    /// How long to retry while the server has not answered at all: long enough for an unstable connection, short enough
    /// for a wrong kubeconfig. The runner prepares a job three times before it gives up.
    /// </summary>
    public static readonly TimeSpan FirstContact = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>
    /// An invalid answer may come from a server that is not Kubernetes. That recovers less often than a broken
    /// connection.
    /// </summary>
    private const int MostGarbledTries = 5;

    /// <summary>How long to wait before the next try; null to give up.</summary>
    /// <param name="fault">The fault of the last try.</param>
    /// <param name="tries">The number of tries so far.</param>
    /// <param name="left">The time that is left of the budget.</param>
    /// <param name="chance">
    /// A random number from 0 to 1, so that drivers do not all retry at the same time after an outage.
    /// </param>
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

    /// <summary>The time that a call has left.</summary>
    /// <param name="fault">The fault of the last try.</param>
    /// <param name="budget">The time that the stage has left.</param>
    /// <param name="hasContact">Whether the server has answered this stage before.</param>
    /// <param name="sinceFirstTry">The time since the call's first try.</param>
    public static TimeSpan Left(ApiFault fault, TimeSpan budget, bool hasContact, TimeSpan sinceFirstTry)
    {
        if (hasContact || fault.HasContact)
            return budget;
        var search = FirstContact - sinceFirstTry;
        return search < budget ? search : budget;
    }

    /// <summary>
    /// The timeout of one try. It grows with each try for a slow server (a webhook may take 30 s), and starts short for
    /// a server that is gone.
    /// </summary>
    public static TimeSpan TryTimeout(int tries) => TimeSpan.FromSeconds(10 * Math.Clamp(tries, 1, 3));

    /// <summary>Parses the header Retry-After: seconds, as Kubernetes writes it. Dates are not supported.</summary>
    public static TimeSpan? RetryAfter(string? header) =>
        int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
