using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>What a request shows the API server. It holds secrets.</summary>
/// <param name="Authorization">The header; null without a token.</param>
/// <param name="Certificate">The client's certificate with its key and, behind it, its chain; null without one.</param>
internal sealed record ClusterCredential(
    AuthenticationHeaderValue? Authorization,
    X509Certificate2Collection? Certificate
)
{
    /// <summary>Whether the server would see the same.</summary>
    public bool IsSameAs(ClusterCredential other) =>
        Equals(Authorization, other.Authorization) && Certificate?[0].Thumbprint == other.Certificate?[0].Thumbprint;

    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(ClusterCredential);
}

/// <summary>Where the credentials come from: fixed ones, a file that is rotated, a plugin.</summary>
internal interface IClusterCredentials : IDisposable
{
    /// <summary>The credential as it is now; the first call may read a file or start a plugin, later ones take what
    /// that gave until it expires.</summary>
    /// <exception cref="Core.DriverException">There is none; the message quotes nothing of a file or a plugin's
    /// output.</exception>
    Task<ClusterCredential> Get(CancellationToken cancel);

    /// <summary>The server answered 401 to <paramref name="refused"/>: gets a new one where that may help.</summary>
    /// <returns>Whether <see cref="Get"/> gives another one by now.</returns>
    Task<bool> Renew(ClusterCredential refused, CancellationToken cancel);

    /// <summary>The client is closed: nobody waits for a plugin any more.</summary>
    void IDisposable.Dispose() { }
}
