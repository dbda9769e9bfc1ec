namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>
/// An API server's address and the credentials for it: a context of the merged kubeconfig files, or a pod's service
/// account. All defaults are filled in, and all paths are absolute. It contains secrets.
/// </summary>
public sealed record ClusterConnection
{
    /// <summary>The source, for messages: <c>context "prod" of /etc/kubeconfig</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>
    /// The API server's address; its path, if it has one, is prepended to every request's path (Rancher).
    /// </summary>
    public required Uri Server { get; init; }

    /// <summary><c>tls-server-name</c>: the name that the server's certificate must have; null for the host of <see
    /// cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary><c>insecure-skip-tls-verify</c>.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>
    /// The CAs that are trusted to sign the server's certificate, one or more as PEM text; null for the host's CAs.
    /// </summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>The server's address and its CAs as written, for an exec plugin; null without one.</summary>
    public (string Server, byte[]? CertificateAuthority)? Written { get; init; }

    /// <summary><c>proxy-url</c>; null to use the environment.</summary>
    public Uri? Proxy { get; init; }

    /// <summary><c>disable-compression</c>.</summary>
    public bool DisableCompression { get; init; }

    /// <summary>The user and its credentials.</summary>
    public required ClusterUser User { get; init; }

    /// <summary>
    /// Every file that this configuration refers to, including itself, as absolute paths. Scripts must not read them.
    /// </summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>
    /// Absolute paths in the plugins' environments and arguments. If there is a file, scripts must not read it either.
    /// </summary>
    public IReadOnlyList<string> PluginPaths { get; init; } = [];

    /// <summary>Omits the secrets.</summary>
    public override string ToString() => $"{nameof(ClusterConnection)} {Origin}";
}
