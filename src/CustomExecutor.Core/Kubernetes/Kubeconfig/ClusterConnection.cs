namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Where one API server is and as whom to talk to it: a context of the merged kubeconfig files, or a pod's service
/// account, with every default filled in and every relative path made absolute. It holds secrets.
/// </summary>
public sealed record ClusterConnection
{
    /// <summary>Where this comes from, for messages: <c>context "prod" of /etc/kubeconfig</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The API server's address; its path, if it has one, comes before every request's (Rancher).</summary>
    public required Uri Server { get; init; }

    /// <summary><c>tls-server-name</c>: the name that the server's certificate must have; null for the host of <see
    /// cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary><c>insecure-skip-tls-verify</c>.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>The CAs that may sign the server's certificate, as PEM text of one or more; null for the host's
    /// own.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>The server's address and its CAs as they are written, for an exec plugin; null where there is
    /// none.</summary>
    public (string Server, byte[]? CertificateAuthority)? Written { get; init; }

    /// <summary><c>proxy-url</c>; null for what the environment says.</summary>
    public Uri? Proxy { get; init; }

    /// <summary><c>disable-compression</c>.</summary>
    public bool DisableCompression { get; init; }

    /// <summary>As whom.</summary>
    public required ClusterUser User { get; init; }

    /// <summary>Every file that this configuration leads to, itself included, as absolute paths: no script may read
    /// them.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Absolute paths in the plugins' environments and arguments: where there is a file, no script may read
    /// that either.</summary>
    public IReadOnlyList<string> PluginPaths { get; init; } = [];

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{nameof(ClusterConnection)} {Origin}";
}
