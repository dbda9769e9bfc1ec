namespace CustomExecutor.Core.Kubernetes;

/// <summary>Why a connection to the API server failed.</summary>
public enum ConnectionFaultKind
{
    /// <summary>No name server answered.</summary>
    NameServer,

    /// <summary>No name server knows the name.</summary>
    UnknownName,

    /// <summary>The port is closed.</summary>
    Refused,

    /// <summary>The network has no route to the address.</summary>
    NoRoute,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>Any other network error.</summary>
    Network,

    /// <summary>The proxy refused to connect.</summary>
    ProxyRefused,

    /// <summary>The proxy requires credentials, or rejects them.</summary>
    ProxyCredentials,

    /// <summary>The proxy does not speak its protocol.</summary>
    ProxyProtocol,

    /// <summary>The server does not speak TLS.</summary>
    NotTls,

    /// <summary>The TLS handshake failed, or the other side ended it.</summary>
    Handshake,

    /// <summary>The certificate is for other names.</summary>
    WrongName,

    /// <summary>The certificate's issuer is not trusted.</summary>
    Untrusted,

    /// <summary>The certificate has expired or is not valid yet, according to this host's clock.</summary>
    WrongTime,

    /// <summary>The certificate is rejected for another reason.</summary>
    BadCertificate,
}

/// <summary>One failed connection.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Detail">Details that complete the sentence, on one line; empty if the kind is enough.</param>
/// <param name="AtProxy">Whether the connection to the proxy failed, not the one behind it.</param>
public sealed record ConnectionFault(ConnectionFaultKind Kind, string Detail = "", bool AtProxy = false)
{
    /// <summary>Whether a retry would fail in the same way, because of a decision and not a network fault.</summary>
    public bool IsPermanent =>
        Kind
            is ConnectionFaultKind.ProxyCredentials
                or ConnectionFaultKind.NotTls
                or ConnectionFaultKind.WrongName
                or ConnectionFaultKind.Untrusted
                or ConnectionFaultKind.WrongTime
                or ConnectionFaultKind.BadCertificate;
}
