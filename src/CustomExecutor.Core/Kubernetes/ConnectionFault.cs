namespace CustomExecutor.Core.Kubernetes;

/// <summary>Why no connection to the API server came about.</summary>
public enum ConnectionFaultKind
{
    /// <summary>No name server answered.</summary>
    NameServer,

    /// <summary>No name server knows the name.</summary>
    UnknownName,

    /// <summary>The port is closed.</summary>
    Refused,

    /// <summary>The network knows no way to the address.</summary>
    NoRoute,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>Any other error of the network.</summary>
    Network,

    /// <summary>The proxy answered that it does not connect.</summary>
    ProxyRefused,

    /// <summary>The proxy wants credentials, or others.</summary>
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

    /// <summary>The certificate is not valid any more, or not yet, by this host's clock.</summary>
    WrongTime,

    /// <summary>The certificate is refused for another reason.</summary>
    BadCertificate,
}

/// <summary>One failed connection.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Detail">What completes the sentence, fit for one line; empty where the kind says all.</param>
/// <param name="AtProxy">Whether it is the way to the proxy that failed, not the one behind it.</param>
public sealed record ConnectionFault(ConnectionFaultKind Kind, string Detail = "", bool AtProxy = false)
{
    /// <summary>Whether another try would meet the same: a decision of somebody, not trouble on the way.</summary>
    public bool IsPermanent =>
        Kind
            is ConnectionFaultKind.ProxyCredentials
                or ConnectionFaultKind.NotTls
                or ConnectionFaultKind.WrongName
                or ConnectionFaultKind.Untrusted
                or ConnectionFaultKind.WrongTime
                or ConnectionFaultKind.BadCertificate;
}
