using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>What a certificate has that is not as it is with others.</summary>
/// <param name="Names">DNS names and IP addresses; none: no such extension.</param>
internal sealed record CertificateShape(params string[] Names)
{
    public string Subject { get; init; } = "CN=spec";

    /// <summary>Begins so many days from now.</summary>
    public int From { get; init; } = -1;

    /// <summary>Ends so many days from now.</summary>
    public int To { get; init; } = 1;

    public bool IsAuthority { get; init; }

    /// <summary>The extended key usage: TLS servers, unless this names another.</summary>
    public string Usage { get; init; } = "1.3.6.1.5.5.7.3.1";

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;
}

/// <summary>A certificate authority, or any certificate with its key.</summary>
internal sealed class Authority
{
    private Authority(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>A certificate that signs itself.</summary>
    public static Authority SelfSigned(CertificateShape shape)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Authority(
            Request(shape, new PublicKey(key), r => new CertificateRequest(r, key, shape.Hash))
                .CreateSelfSigned(Days(shape.From), Days(shape.To))
        );
    }

    /// <summary>A certificate of this authority with a new elliptic key.</summary>
    public Authority Sign(CertificateShape shape)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = Sign(shape, key);
        return new Authority(bare.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate of this authority for a key.</summary>
    public X509Certificate2 Sign(CertificateShape shape, AsymmetricAlgorithm key)
    {
        using var signer = Certificate.GetECDsaPrivateKey()!;
        var request = key is RSA rsa
            ? Request(
                shape,
                new PublicKey(rsa),
                name => new CertificateRequest(name, rsa, shape.Hash, RSASignaturePadding.Pkcs1)
            )
            : Request(shape, new PublicKey((ECDsa)key), name => new CertificateRequest(name, (ECDsa)key, shape.Hash));
        return request.Create(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(signer),
            Days(shape.From),
            Days(shape.To),
            RandomNumberGenerator.GetBytes(8)
        );
    }

    private static CertificateRequest Request(
        CertificateShape shape,
        PublicKey key,
        Func<X500DistinguishedName, CertificateRequest> create
    )
    {
        var request = create(new X500DistinguishedName(shape.Subject));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(shape.IsAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, false));
        if (shape.IsAuthority)
        {
            request.CertificateExtensions.Add(
                new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true)
            );
        }
        else
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(shape.Usage)], false));
        }

        if (shape.Names is [])
            return request;
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in shape.Names)
        {
            if (IPAddress.TryParse(name, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(name);
        }
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static DateTimeOffset Days(int number) => DateTimeOffset.UtcNow.AddDays(number);
}
