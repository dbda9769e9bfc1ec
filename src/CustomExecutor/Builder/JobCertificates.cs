using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Core.Builder;

namespace CustomExecutor.Builder;

/// <summary>
/// The certificates of one job: a CA that signs one server and one client certificate and is then forgotten. Whoever
/// has no certificate of this CA gets no answer from this builder, so no job can use another's.
/// </summary>
/// <param name="Ca">The CA's certificate; its key is not kept.</param>
/// <param name="Client">The client's certificate with its key.</param>
/// <param name="ClientCertificatePem">The same for the job's files.</param>
/// <param name="ClientKeyPem">The client's key (PKCS #8).</param>
/// <param name="Server">The builder's half.</param>
internal sealed record JobCertificates(
    X509Certificate2 Ca,
    X509Certificate2 Client,
    string ClientCertificatePem,
    string ClientKeyPem,
    ServerCredentials Server
)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Clocks of the runner and the node may differ by minutes.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    /// <summary>Makes the certificates (ECDSA P-256, in memory).</summary>
    /// <param name="serverName">The DNS name in the server's certificate: the builder's own name, so that one job's
    /// client finds no other's server good.</param>
    /// <param name="now">When they are made.</param>
    /// <param name="lifetime">How long the builder may live.</param>
    /// <param name="clusterAhead">The cluster's clock minus this host's: they are checked on both sides, and have to be
    /// valid by both clocks.</param>
    public static JobCertificates Create(
        string serverName,
        DateTimeOffset now,
        TimeSpan lifetime,
        TimeSpan clusterAhead = default
    )
    {
        var (early, late) = clusterAhead < TimeSpan.Zero ? (now + clusterAhead, now) : (now, now + clusterAhead);
        var (from, until) = (early - ClockSkew, late + lifetime + ClockSkew);
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={serverName} CA", caKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: true,
                hasPathLengthConstraint: true,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var signer = request.CreateSelfSigned(from, until);
        var caPem = signer.ExportCertificatePem();

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var server = Issue(signer, serverKey, serverName, "server", ServerAuthentication, from, until);
        using var clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = Issue(signer, clientKey, serverName, "client", ClientAuthentication, from, until);
        return new JobCertificates(
            X509Certificate2.CreateFromPem(caPem),
            client.CopyWithPrivateKey(clientKey),
            client.ExportCertificatePem(),
            clientKey.ExportPkcs8PrivateKeyPem(),
            new ServerCredentials(caPem, server.ExportCertificatePem(), serverKey.ExportPkcs8PrivateKeyPem())
        );
    }

    /// <summary>Without the keys.</summary>
    public override string ToString() => nameof(JobCertificates);

    private static X509Certificate2 Issue(
        X509Certificate2 signer,
        ECDsa key,
        string name,
        string role,
        string usage,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        var request = new CertificateRequest($"CN={name} {role}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: false,
                hasPathLengthConstraint: false,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                signer,
                includeKeyIdentifier: true,
                includeIssuerAndSerial: false
            )
        );
        return request.Create(signer, from, until, RandomNumberGenerator.GetBytes(16));
    }
}
