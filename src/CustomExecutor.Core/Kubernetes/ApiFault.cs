namespace CustomExecutor.Core.Kubernetes;

/// <summary>How far an API call got.</summary>
public enum ApiFaultKind
{
    /// <summary>The server, or something before it, answered with an HTTP status.</summary>
    Answered,

    /// <summary>No connection: refused, unknown host name, failed TLS handshake.</summary>
    Unreachable,

    /// <summary>
    /// The server is reachable, but the configuration does not match it: its certificate, its protocol, a proxy that
    /// refuses.
    /// </summary>
    Untrusted,

    /// <summary>No answer in time. The server may have executed the request.</summary>
    Silent,

    /// <summary>The connection broke. The server may have executed the request.</summary>
    Broken,

    /// <summary>The answer is truncated, or not from Kubernetes.</summary>
    Garbled,
}

/// <summary>The fault of one API call, with what decides about a retry.</summary>
/// <param name="Kind">How far the call got.</param>
/// <param name="Text">The description, on one line.</param>
public sealed record ApiFault(ApiFaultKind Kind, string Text)
{
    /// <summary>The HTTP status of the answer, otherwise 0.</summary>
    public int Status { get; init; }

    /// <summary>The <c>reason</c> of the server's Status object, a word like <c>AlreadyExists</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The remedy; null if the text contains it or none is known.</summary>
    public string? Remedy { get; init; }

    /// <summary>How long the server asks the client to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether something answered at the configured address, so the address is not wrong.</summary>
    public bool HasContact => Kind is ApiFaultKind.Answered or ApiFaultKind.Silent or ApiFaultKind.Broken;

    /// <summary>Whether the server no longer has the version from which a watch should resume.</summary>
    public bool IsExpiredVersion => Status == 410;

    /// <summary>Whether a retry would fail in the same way.</summary>
    public bool IsPermanent =>
        Kind switch
        {
            ApiFaultKind.Untrusted => true,
            ApiFaultKind.Answered => !IsPassing,
            _ => false,
        };

    /// <summary>
    /// Overload, a server that is starting or stopping, a proxy without a backend. Also a conflict, unless the name
    /// already exists: two pods changed the usage of their namespace's quota at the same time.
    /// </summary>
    private bool IsPassing =>
        Status is 408 or 429 or 500 or 502 or 503 or 504 || (Status == 409 && Reason == "Conflict");
}
