using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Core.Kubernetes.Proxy;
using CustomExecutor.Host;
using CustomExecutor.Kubernetes.Credentials;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>Opens clients of API servers.</summary>
internal static class ClusterHttp
{
    /// <summary>The timeout of an API call, except watches. It is longer than the timeout of each try.</summary>
    private static readonly TimeSpan CallTimeout = ApiRetries.LongestTry + TimeSpan.FromSeconds(5);

    /// <summary>A client for this configuration. Nothing is sent yet.</summary>
    /// <param name="connection">Where the server is.</param>
    /// <param name="credentials">As whom it is asked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="variable">Reads an environment variable; null for this process's environment.</param>
    /// <exception cref="Core.DriverException">The CA or the proxy is not valid.</exception>
    public static ClusterClient Open(
        ClusterConnection connection,
        IClusterCredentials credentials,
        TimeProvider time,
        Func<string, string?>? variable = null
    )
    {
        // A cluster with its own CA does not need the host's 140 CA files, which take 60 ms to read.
        if (connection.CertificateAuthority is not null || connection.InsecureSkipTlsVerify)
            SystemTrustStore.Skip();
        // client-go's rule: proxy-url overrides the environment, including NO_PROXY.
        var proxy = connection.Proxy is { } address
            ? ProxyAddress.Of(address, ConnectionRoute.ProxyUrl)
            : ProxyEnvironment.ProxyFor(connection.Server, variable ?? Environment.GetEnvironmentVariable);
        var clock = new ClusterClock(time);
        var handler = new ClusterHandler(
            new ConnectionRoute(connection, proxy),
            credentials,
            new ServerTrust(connection),
            clock,
            time
        );
        return new ClusterClient(
            connection.Server,
            new BufferedResponseHandler { InnerHandler = handler },
            clock,
            CallTimeout
        );
    }
}
