using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>A request's credentials. They contain secrets.</summary>
/// <param name="Authorization">The header's value; null without a token.</param>
/// <param name="Certificate">The client certificate with its key, followed by its chain; null without one.</param>
internal sealed record ClusterCredential(
    AuthenticationHeaderValue? Authorization,
    X509Certificate2Collection? Certificate
)
{
    /// <summary>Whether the server would see the same credentials.</summary>
    public bool IsSameAs(ClusterCredential other) =>
        Equals(Authorization, other.Authorization) && Certificate?[0].Thumbprint == other.Certificate?[0].Thumbprint;

    /// <summary>Omits the secrets.</summary>
    public override string ToString() => nameof(ClusterCredential);
}

/// <summary>A source of credentials: the configuration, a rotated file, a plugin.</summary>
internal interface IClusterCredentials : IDisposable
{
    /// <summary>
    /// Gets the current credential. The first call may read a file or start a plugin; later calls reuse the result
    /// until it expires.
    /// </summary>
    /// <exception cref="Core.DriverException">
    /// There is none. The message quotes nothing from a file or a plugin's output.
    /// </exception>
    Task<ClusterCredential> Get(CancellationToken cancel);

    /// <summary>
    /// Gets a new credential, if possible, after the server answered 401 to <paramref name="refused"/>.
    /// </summary>
    /// <returns>Whether <see cref="Get"/> now returns another one.</returns>
    Task<bool> Renew(ClusterCredential refused, CancellationToken cancel);

    /// <summary>Called when the client is closed: it no longer waits for a plugin.</summary>
    void IDisposable.Dispose() { }
}
