namespace CustomExecutor.Core.Kubernetes;

/// <summary>How far a try of an API call came.</summary>
public enum ApiFaultKind
{
    /// <summary>The server, or something before it, answered with an HTTP status.</summary>
    Answered,

    /// <summary>No connection came about: refused, no such name, the TLS handshake broke off.</summary>
    Unreachable,

    /// <summary>The way to the server is there, but the configuration does not fit it: its certificate, its protocol, a
    /// proxy that refuses.</summary>
    Untrusted,

    /// <summary>No answer came in time; the server may have done what it was asked to.</summary>
    Silent,

    /// <summary>The connection broke; the server may have done what it was asked to.</summary>
    Broken,

    /// <summary>The answer's text is cut off, or is none of Kubernetes'.</summary>
    Garbled,
}

/// <summary>What went wrong with one try of an API call, as far as it decides whether there is another.</summary>
/// <param name="Kind">How far it came.</param>
/// <param name="Text">What is told of it, fit for one line.</param>
public sealed record ApiFault(ApiFaultKind Kind, string Text)
{
    /// <summary>The HTTP status of an answer; else 0.</summary>
    public int Status { get; init; }

    /// <summary>The <c>reason</c> of the server's Status object, a word like <c>AlreadyExists</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>What usually helps; null where the text says it or nothing is known.</summary>
    public string? Remedy { get; init; }

    /// <summary>How long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether somebody answered at the configured address: it is not the configuration that is
    /// wrong.</summary>
    public bool HasContact => Kind is ApiFaultKind.Answered or ApiFaultKind.Silent or ApiFaultKind.Broken;

    /// <summary>Whether the server no longer has the version from which a watch was to go on.</summary>
    public bool IsExpiredVersion => Status == 410;

    /// <summary>Whether another try would meet the same.</summary>
    public bool IsPermanent =>
        Kind switch
        {
            ApiFaultKind.Untrusted => true,
            ApiFaultKind.Answered => !IsPassing,
            _ => false,
        };

    /// <summary>
    /// Overload, a server that is starting or stopping, a proxy without a server behind it. And a conflict, but for a
    /// name that is taken: two pods at a time changed what their namespace's quota has left.
    /// </summary>
    private bool IsPassing =>
        Status is 408 or 429 or 500 or 502 or 503 or 504 || (Status == 409 && Reason == "Conflict");
}
