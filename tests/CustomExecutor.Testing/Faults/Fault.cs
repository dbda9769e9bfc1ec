namespace CustomExecutor.Testing.Faults;

/// <summary>What can happen to a request.</summary>
internal abstract record Fault
{
    private Fault() { }

    /// <summary>The proxy answers in the server's place.</summary>
    public sealed record Answer(int Status, string Reason = "", int? RetryAfter = null, string? Text = null) : Fault;

    /// <summary>Status 200 and a text in the place of the answer, whether or not the server has done what it was asked
    /// to.</summary>
    public sealed record Garbled(string Text, bool Done = false) : Fault;

    /// <summary>The server's own answer with one value in it replaced; in a list that of its first item, in a watch
    /// that of each event's object.</summary>
    /// <param name="Path">Names with dots between them.</param>
    /// <param name="Json">The new value.</param>
    public sealed record Edited(string Path, string Json) : Fault;

    /// <summary>It is forwarded late.</summary>
    public sealed record Late(int Milliseconds) : Fault;

    /// <summary>The connection is reset before the server has seen the request.</summary>
    public sealed record ResetBefore : Fault;

    /// <summary>The stream is refused (HTTP/2), and the connection stays.</summary>
    public sealed record StreamReset : Fault;

    /// <summary>The server has done it; the connection is reset before the answer gets through.</summary>
    public sealed record ResetAfter : Fault;

    /// <summary>The server has done it; a gateway says that it has not heard of it.</summary>
    public sealed record GatewayAfter(int Status) : Fault;

    /// <summary>The server has done it; the answer never comes.</summary>
    public sealed record SilentAfter : Fault;

    /// <summary>Half of the answer, then the connection is reset.</summary>
    public sealed record ResetMidBody : Fault;

    /// <summary>Half of the answer, and no more.</summary>
    public sealed record SilentMidBody : Fault;

    /// <summary>Half of the answer, as if it were the whole.</summary>
    public sealed record Truncated : Fault;

    /// <summary>The request is never answered and never forwarded.</summary>
    public sealed record Silent : Fault;

    /// <summary>A watch that ends cleanly after so many events.</summary>
    public sealed record WatchEnds(int Events) : Fault;

    /// <summary>A watch that is reset after so many events.</summary>
    public sealed record WatchResets(int Events) : Fault;

    /// <summary>A watch that breaks off within a line.</summary>
    public sealed record WatchTorn(int Events, bool Reset) : Fault;

    /// <summary>A watch that says that its version has expired.</summary>
    public sealed record WatchGone(int Events) : Fault;

    /// <summary>A watch that stays open and tells nothing more.</summary>
    public sealed record WatchSilent(int Events) : Fault;
}

/// <summary>Which requests meet a fault.</summary>
/// <param name="Kind">Their kind, or null for every one.</param>
/// <param name="Fault">What they meet.</param>
/// <param name="Times">How many of a kind, the first ones.</param>
internal sealed record FaultRule(string? Kind, Fault Fault, int Times = 1)
{
    public bool Matches(ApiCall call) => (Kind is null || Kind == call.Kind) && call.Number <= Times;
}
