using System.Net.Http.Headers;
using System.Text;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using Serilog;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>Chooses the source of a user's credentials.</summary>
internal static class ClusterCredentials
{
    /// <summary>The credentials of a connection's user.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reload">Reads the configuration again, after a 401.</param>
    /// <param name="admin">Receives a plugin's error output.</param>
    public static IClusterCredentials Of(ClusterConnection connection, Func<ClusterConnection> reload, ILogger admin) =>
        connection.User switch
        {
            { Exec: { } plugin } => new ExecCredentials(plugin, connection, admin),
            { TokenFile: { } file } user => new TokenFileCredentials(file, Fixed(user), TimeProvider.System),
            { } user => new FixedCredentials(Fixed(user), () => Fixed(reload().User), admin),
        };

    private static ClusterCredential Fixed(ClusterUser user) =>
        new(
            user switch
            {
                { Token: { } token } => new AuthenticationHeaderValue("Bearer", token),
                { Username: { } name } => new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Password}"))
                ),
                _ => null,
            },
            user is { ClientCertificate: { } certificate, ClientKey: { } key }
                ? CertificatePem.Load(certificate, key)
                : null
        );
}
