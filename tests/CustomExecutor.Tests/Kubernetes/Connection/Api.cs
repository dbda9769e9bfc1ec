using System.Net.Http.Headers;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Kubernetes.Credentials;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.Tests.Kubernetes.Connection;

/// <summary>Credentials that a test changes itself.</summary>
internal sealed class TestCredentials(params ClusterCredential[] credentials) : IClusterCredentials
{
    private int _current;

    /// <summary>How often new ones were asked for.</summary>
    public int Renewals { get; private set; }

    public static TestCredentials Token(string token) =>
        new(new ClusterCredential(new AuthenticationHeaderValue("Bearer", token), null));

    public Task<ClusterCredential> Get(CancellationToken cancel) =>
        Task.FromResult(credentials.Length == 0 ? new ClusterCredential(null, null) : credentials[_current]);

    public Task<bool> Renew(ClusterCredential refused, CancellationToken cancel)
    {
        Renewals++;
        if (_current + 1 >= credentials.Length)
            return Task.FromResult(false);
        _current++;
        return Task.FromResult(true);
    }
}

/// <summary>Asks servers for their version as the driver does.</summary>
internal static class Api
{
    /// <summary>A configuration that trusts one authority.</summary>
    public static ClusterConnection At(string server, TestAuthority? authority = null) =>
        new()
        {
            Origin = "context \"test\" of /etc/kubeconfig",
            Server = new Uri(server),
            CertificateAuthority = authority?.Pem,
            User = new ClusterUser(),
            Files = [],
        };

    /// <summary>Opens a client that looks for proxies in these variables only.</summary>
    public static ClusterClient Open(
        ClusterConnection connection,
        IClusterCredentials? credentials = null,
        params (string Name, string Value)[] variables
    ) =>
        ClusterHttp.Open(
            connection,
            credentials ?? new TestCredentials(),
            TimeProvider.System,
            name => variables.FirstOrDefault(v => v.Name == name).Value
        );

    /// <summary>Whether the server is asked; else the sentence that the author reads.</summary>
    public static async Task<string> Ask(
        ClusterConnection connection,
        IClusterCredentials? credentials = null,
        params (string Name, string Value)[] variables
    )
    {
        try
        {
            using var client = Open(connection, credentials, variables);
            return await Ask(client);
        }
        catch (DriverException e)
        {
            return e.Message;
        }
    }

    /// <summary>The same with a client that is open already.</summary>
    public static async Task<string> Ask(ClusterClient client)
    {
        try
        {
            var version = await new BuilderPods(client, "test", ApiRetries.None(TimeProvider.System)).ReadServerVersion(
                TestContext.Current.CancellationToken
            );
            return $"v{version.Major}.{version.Minor}";
        }
        catch (DriverException e)
        {
            return e.Message;
        }
    }
}
