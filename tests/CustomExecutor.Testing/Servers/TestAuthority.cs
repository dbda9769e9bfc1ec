using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Testing.Servers;

/// <summary>A certificate authority of a test's own, and what it issues.</summary>
internal sealed record TestAuthority(X509Certificate2 Certificate)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static TestAuthority Root(string name = "root", bool withKeyId = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(Owned(AuthorityRequest(name, key, withKeyId).CreateSelfSigned(Ago(1), In(10))));
    }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>An authority that this one has signed.</summary>
    public TestAuthority Intermediate(string name = "intermediate")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = AuthorityRequest(name, key, withKeyId: true)
            .Create(Certificate, Ago(1), In(5), RandomNumberGenerator.GetBytes(8));
        return new(Owned(made.CopyWithPrivateKey(key)));
    }

    /// <summary>A server's certificate for these DNS names and addresses.</summary>
    public X509Certificate2 Server(params string[] names) =>
        Issue("CN=server", names, ServerAuthentication, Ago(1), In(2));

    /// <summary>A server's certificate whose subject is all that names the server.</summary>
    public X509Certificate2 ServerByCommonName(string name) =>
        Issue($"CN={name}", [], ServerAuthentication, Ago(1), In(2));

    /// <summary>A server's certificate that is valid from and until these days, counted from now.</summary>
    public X509Certificate2 ServerValid(double from, double until, params string[] names) =>
        Issue("CN=server", names, ServerAuthentication, In(from), In(until));

    /// <summary>A client's certificate.</summary>
    public X509Certificate2 Client(string name) => Issue($"CN={name}", [], ClientAuthentication, Ago(1), In(2));

    private X509Certificate2 Issue(
        string subject,
        string[] names,
        string usage,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        if (names.Length > 0)
            request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var made = request.Create(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(Certificate.GetECDsaPrivateKey()!),
            from,
            until,
            RandomNumberGenerator.GetBytes(8)
        );
        return Owned(made.CopyWithPrivateKey(key));
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key, bool withKeyId)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (withKeyId)
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static DateTimeOffset Ago(double days) => DateTimeOffset.UtcNow.AddDays(-days);

    private static DateTimeOffset In(double days) => DateTimeOffset.UtcNow.AddDays(days);

    /// <summary>With a key that outlives the one it was made with.</summary>
    private static X509Certificate2 Owned(X509Certificate2 made)
    {
        using (made)
            return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
