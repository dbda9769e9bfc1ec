using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>
/// Decides which server certificates a kubeconfig trusts. It uses .NET's check of the chain, and, like Go, a name check
/// without the fallback to the subject's common name. As in Go, every certificate in a CA bundle is an anchor,
/// including intermediate CAs and the server's own.
/// </summary>
internal sealed class ServerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private const X509ChainStatusFlags NoAnchor =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    private readonly X509Certificate2Collection? _authorities;

    /// <exception cref="DriverException">The CA is not PEM text with a certificate.</exception>
    public ServerTrust(ClusterConnection connection)
    {
        IsSkipped = connection.InsecureSkipTlsVerify;
        if (connection.CertificateAuthority is { } text && !IsSkipped)
            _authorities = Parse(text, connection.Origin);
    }

    /// <summary>Whether any certificate is accepted.</summary>
    public bool IsSkipped { get; }

    /// <summary>For the TLS client. Nothing is downloaded: neither intermediates nor revocation lists.</summary>
    public X509ChainPolicy Policy() => Policy(_authorities);

    /// <summary>Whether the chain is trusted. <paramref name="chain"/> was built by <see cref="Policy()"/>.</summary>
    public bool IsTrusted(X509Certificate2 server, X509Chain chain, SslPolicyErrors errors) =>
        !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
        || (_authorities is not null && LeadsToAnchor(server, chain.ChainPolicy.ExtraStore));

    private static X509ChainPolicy Policy(X509Certificate2Collection? anchors)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            ApplicationPolicy = { new Oid(ServerAuthentication) },
        };
        if (anchors is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(anchors);
        return policy;
    }

    /// <summary>
    /// OpenSSL ends a chain at a self-signed certificate and tries only one CA with the same name. Go ends it at any
    /// certificate of the bundle, and tries all with the same name (a CA whose key was renewed). So each anchor is
    /// tried separately.
    /// </summary>
    private bool LeadsToAnchor(X509Certificate2 server, X509Certificate2Collection sent) =>
        _authorities!.Any(anchor =>
        {
            using var chain = new X509Chain { ChainPolicy = Policy([anchor]) };
            chain.ChainPolicy.ExtraStore.AddRange(sent);
            chain.ChainPolicy.ExtraStore.Add(anchor);
            if (chain.Build(server))
                return true;
            var upToAnchor = chain.ChainElements.TakeWhile(e => !Same(e.Certificate, anchor)).ToList();
            return upToAnchor.Count < chain.ChainElements.Count
                && chain
                    .ChainElements.Take(upToAnchor.Count + 1)
                    .All(e => e.ChainElementStatus.All(s => (s.Status & ~NoAnchor) == 0));
        });

    private static bool Same(X509Certificate2 one, X509Certificate2 other) =>
        one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);

    private static X509Certificate2Collection Parse(string text, string origin)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new DriverException(
                $"certificate-authority of {origin}: a certificate in it cannot be read. It must be PEM text.",
                inner: e
            );
        }

        return authorities.Count > 0
            ? authorities
            : throw new DriverException(
                $"certificate-authority of {origin}: there is no certificate in it. It must be PEM text."
            );
    }
}
