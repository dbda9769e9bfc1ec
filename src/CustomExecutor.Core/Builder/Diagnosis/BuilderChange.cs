using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>What a try to connect to a builder met.</summary>
/// <param name="Answers">The builder took the connection and, while it starts, the client certificate.</param>
/// <param name="Listens">Its port is open at least.</param>
/// <param name="Problem">Why it does not answer, for people; empty if it does.</param>
public sealed record ConnectionTry(bool Answers, bool Listens, string Problem = "");

/// <summary>One thing that happens to a builder while it is followed, or that is found out about it.</summary>
public abstract record BuilderChange
{
    private BuilderChange() { }

    /// <summary>The pod has a new state.</summary>
    public sealed record PodSeen(V1Pod Pod) : BuilderChange;

    /// <summary>The pod is no longer in the cluster.</summary>
    public sealed record PodGone : BuilderChange;

    /// <summary>An event of the pod, new or repeated.</summary>
    public sealed record EventSeen(Corev1Event Event) : BuilderChange;

    /// <summary>A connection was tried, as <see cref="BuilderHistory.AddressToTry"/> asked for.</summary>
    public sealed record ConnectionTried(ConnectionTry Result) : BuilderChange;

    /// <summary>The time for late events has passed, and the end of the container's log was read.</summary>
    /// <param name="Log">Its last lines; null where there are none to read.</param>
    public sealed record LogRead(string? Log) : BuilderChange;

    /// <summary>Nothing but time has passed.</summary>
    public sealed record TimePassed : BuilderChange;
}
