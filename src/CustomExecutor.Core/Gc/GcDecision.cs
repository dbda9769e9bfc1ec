namespace CustomExecutor.Core.Gc;

/// <summary>What becomes of one thing that a job has made.</summary>
public enum GcDecisionKind
{
    /// <summary>A job may need it: it is not touched, nor spoken of.</summary>
    Live,

    /// <summary>Nobody can need it any more.</summary>
    Remove,

    /// <summary>It can't be told whose it is or whether it is needed: it is not touched, and a person is
    /// told.</summary>
    Leave,
}

/// <summary>What becomes of one thing, and why.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Reason">For people, as the second half of a sentence.</param>
public sealed record GcDecision(GcDecisionKind Kind, string Reason)
{
    public static GcDecision Live { get; } = new(GcDecisionKind.Live, "");

    public static GcDecision Remove(string reason) => new(GcDecisionKind.Remove, reason);

    public static GcDecision Leave(string reason) => new(GcDecisionKind.Leave, reason);
}
