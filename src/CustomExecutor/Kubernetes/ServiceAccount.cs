using System.Text;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Kubernetes;

/// <summary>The service account of the pod that this process runs in, by client-go's InClusterConfig.</summary>
/// <param name="directory">Where the kubelet mounts it.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class ServiceAccount(string directory, Func<string, string?> variable)
{
    private string Token => Path.Join(directory, "token");

    /// <summary>The account of this process.</summary>
    public static ServiceAccount OfThisPod { get; } =
        new("/var/run/secrets/kubernetes.io/serviceaccount", Environment.GetEnvironmentVariable);

    /// <summary>Whether there is one.</summary>
    public bool Exists => Host is not null && File.Exists(Token);

    /// <summary>The connection. The token is rotated, so it is read when it is needed.</summary>
    public ClusterConnection Read()
    {
        // Without a CA that can be read the host's own count, as for every Go client.
        var authority = ConfigurationFile.Read(Path.Join(directory, "ca.crt")).Bytes is { } bytes
            ? CertificatePem.Authorities(Encoding.UTF8.GetString(bytes))
            : null;
        return new ClusterConnection
        {
            Origin = $"the service account of this pod in {directory}",
            Server = new Uri($"https://{Host}"),
            CertificateAuthority = authority,
            User = new ClusterUser { TokenFile = Token },
            Files = [Token],
        };
    }

    /// <summary>The host and the port; IPv6 in brackets.</summary>
    private string? Host =>
        variable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } host
        && variable("KUBERNETES_SERVICE_PORT") is { Length: > 0 } port
            ? $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"
            : null;
}
