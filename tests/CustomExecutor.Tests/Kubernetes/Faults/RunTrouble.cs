using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>What one API call of a script's <c>run</c> meets.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Fault">What the proxy does to it, if anything.</param>
/// <param name="Front">What happens to the connections as it arrives, if anything.</param>
internal sealed record RunTrouble(string Name, Fault? Fault, Action<TcpFront>? Front = null)
{
    private const string NeverAnswered = "never answered",
        HalfOpen = "half-open";

    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(1);

    private static readonly RunTrouble[] OfAllCalls =
    [
        new("429", new Fault.Answer(429, "TooManyRequests", RetryAfter: 1)),
        new("500", new Fault.Answer(500, "InternalError")),
        new("{}", new Fault.Garbled("{}")),
        new("no name", new Fault.Edited("metadata.name", "null")),
        new(NeverAnswered, new Fault.Silent()),
        new(HalfOpen, null, front => front.FreezeAll()),
        new(
            "refused",
            null,
            front =>
            {
                front.Close();
                _ = Task.Delay(Restart).ContinueWith(_ => front.Open(), TaskScheduler.Default);
            }
        ),
    ];

    private static readonly RunTrouble[] OfGets = [new("reset mid-body", new Fault.ResetMidBody())];

    private static readonly RunTrouble[] OfWatches =
    [
        new("torn and reset", new Fault.WatchTorn(0, Reset: true)),
        new("dropped", new Fault.WatchEnds(0)),
        new("410 as an answer", new Fault.Answer(410, "Expired")),
        new("410 as an event", new Fault.WatchGone(0)),
    ];

    /// <summary>All that a call can meet.</summary>
    public static IEnumerable<RunTrouble> Of(string call) =>
        [.. OfAllCalls, .. call.StartsWith("WATCH", StringComparison.Ordinal) ? OfWatches : OfGets];

    /// <summary>Lets the next call of this kind meet it, and nothing else.</summary>
    /// <param name="job">Its proxy.</param>
    /// <param name="call">The call's kind.</param>
    /// <param name="before">What is done just before.</param>
    public void Await(FaultedJob job, string call, Func<Task> before)
    {
        var number = job.Count(call) + 1;
        job.Proxy.Rules = Fault is null ? [] : [new FaultRule(call, Fault, Times: number)];
        job.Proxy.Meets = async met =>
        {
            if (met.Kind != call || met.Number != number)
                return;
            await before();
            Front?.Invoke(job.Proxy.Front);
        };
    }

    /// <summary>It is noticed by patience alone.</summary>
    public bool Slow => Name is HalfOpen or NeverAnswered;

    public override string ToString() => Name;
}
