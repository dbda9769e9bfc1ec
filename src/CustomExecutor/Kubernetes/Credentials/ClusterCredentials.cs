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
    /// <param name="readAnew">Reads the configuration again, after a 401.</param>
    /// <param name="time">The clock.</param>
    /// <param name="admin">Where a plugin's error output goes.</param>
    public static IClusterCredentials Of(
        ClusterConnection connection,
        Func<ClusterConnection> readAnew,
        TimeProvider time,
        ILogger admin
    ) =>
        connection.User switch
        {
            { Exec: { } plugin } => new ExecCredentials(plugin, connection, time, admin),
            { TokenFile: { } file } user => new TokenFileCredentials(file, Fixed(user), time),
            { } user => new FixedCredentials(Fixed(user), () => Fixed(readAnew().User), admin),
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
