using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Core.Kubernetes.Proxy;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>The route to an API server, and the messages if it fails.</summary>
/// <param name="Connection">The configuration.</param>
/// <param name="Proxy">The proxy in between; null for a direct connection.</param>
public sealed record ConnectionRoute(ClusterConnection Connection, ProxyAddress? Proxy)
{
    /// <summary>The server's host and port, and the proxy's address if there is one, without credentials.</summary>
    public string Shown => Proxy is null ? Server : $"{Server} through the proxy {Proxy.Shown} ({Proxy.Setting})";

    private string Server =>
        DisplayText.Of(
            Connection.Server.Authority.Contains(':', StringComparison.Ordinal) && !Connection.Server.IsDefaultPort
                ? Connection.Server.Authority
                : $"{Connection.Server.Host}:{Connection.Server.Port}"
        );

    /// <summary>Describes a fault on one line.</summary>
    public string Sentence(ConnectionFault fault) => $"{Shown}: {(fault.AtProxy ? "the proxy: " : "")}{Cause(fault)}";

    /// <summary>The remedy, with the setting to check; null if the sentence contains it.</summary>
    public string? Remedy(ConnectionFault fault) =>
        fault switch
        {
            { Kind: ConnectionFaultKind.ProxyCredentials } =>
                $"Put the proxy's user name and password into {ProxySetting}: http://USER:PASSWORD@HOST:PORT.",
            { AtProxy: true } or { Kind: ConnectionFaultKind.ProxyRefused or ConnectionFaultKind.ProxyProtocol } =>
                ProxyRemedy,
            { Kind: ConnectionFaultKind.NotTls } =>
                $"The cluster's server begins with https://. Check its address and port in {Connection.Origin}.",
            { Kind: ConnectionFaultKind.WrongName } =>
                "Set the cluster's server to one of these names, or tls-server-name if the server is reached by "
                    + $"another one, in {Connection.Origin}.",
            { Kind: ConnectionFaultKind.Untrusted } when Connection.CertificateAuthority is null =>
                $"Set certificate-authority-data to the certificate of the server's CA in {Connection.Origin}, or "
                    + "add that CA to this host's.",
            { Kind: ConnectionFaultKind.Untrusted } =>
                "certificate-authority-data (or certificate-authority) must hold the CA of this server: check it, "
                    + $"and the server, in {Connection.Origin}.",
            { Kind: ConnectionFaultKind.WrongTime } => "Set this host's clock, or renew the API server's certificate.",
            { Kind: ConnectionFaultKind.BadCertificate } => "The API server needs another certificate.",
            { Kind: ConnectionFaultKind.Handshake } => null,
            _ when Proxy is not null => ProxyRemedy,
            _ => $"Check the cluster's server in {Connection.Origin}, and whether this host can reach it.",
        };

    private string ProxySetting =>
        Proxy?.Setting == ProxyUrl
            ? $"{ProxyUrl} in {Connection.Origin}"
            : $"{Proxy?.Setting} in the runner's environment";

    private string ProxyRemedy =>
        Proxy?.Setting == ProxyUrl
            ? $"Check {ProxySetting}."
            : $"Check {ProxySetting}, or add the server to NO_PROXY there to reach it without a proxy.";

    /// <summary>The kubeconfig's field for a proxy.</summary>
    public const string ProxyUrl = "proxy-url";

    private static string Cause(ConnectionFault fault) =>
        fault.Kind switch
        {
            ConnectionFaultKind.NameServer => "the name server does not answer",
            ConnectionFaultKind.UnknownName => "the name is unknown",
            ConnectionFaultKind.Refused => "connection refused",
            ConnectionFaultKind.NoRoute => "no route to this address",
            ConnectionFaultKind.Timeout => $"no connection within {fault.Detail}",
            ConnectionFaultKind.Network => fault.Detail,
            ConnectionFaultKind.ProxyRefused => $"the proxy does not connect: {fault.Detail}",
            ConnectionFaultKind.ProxyCredentials => $"the proxy asks for credentials: {fault.Detail}",
            ConnectionFaultKind.ProxyProtocol => $"the proxy's answer is not valid: {fault.Detail}",
            ConnectionFaultKind.NotTls => "the answer is not TLS",
            ConnectionFaultKind.Handshake => $"the TLS handshake failed: {fault.Detail}",
            ConnectionFaultKind.WrongName => $"the server's certificate is valid for {fault.Detail}",
            ConnectionFaultKind.Untrusted => $"the server's certificate is not trusted: {fault.Detail}",
            ConnectionFaultKind.WrongTime or _ => $"the server's certificate {fault.Detail}",
        };
}
