using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Core.Tests.Kubernetes.Kubeconfig;

/// <summary>A client's certificate and its key in every format.</summary>
internal static class TestCertificates
{
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string RsaCertificate { get; } =
        Certificate(new CertificateRequest("CN=rsa", Rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string EcdsaCertificate { get; } =
        Certificate(new CertificateRequest("CN=ecdsa", Ecdsa, HashAlgorithmName.SHA256));

    public static string RsaPkcs1 { get; } = Rsa.ExportRSAPrivateKeyPem() + "\n";

    public static string RsaPkcs8 { get; } = Rsa.ExportPkcs8PrivateKeyPem() + "\n";

    public static string EcdsaSec1 { get; } =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
        + Ecdsa.ExportECPrivateKeyPem()
        + "\n";

    public static string EcdsaPkcs8 { get; } = Ecdsa.ExportPkcs8PrivateKeyPem() + "\n";

    public static string Encrypted { get; } =
        Ecdsa.ExportEncryptedPkcs8PrivateKeyPem(
            "pass",
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)
        ) + "\n";

    /// <summary>OpenSSL's older way, which has headers.</summary>
    public const string LegacyEncrypted = """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

        AAAA
        -----END RSA PRIVATE KEY-----
        """;

    /// <summary>Made by: openssl req -x509 -newkey ed25519 -nodes -subj /CN=ed -days 36500.</summary>
    public const string Ed25519Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBMDCB46ADAgECAhQcUCusjm4s7WZkiA7SfXrvj3VIuzAFBgMrZXAwDTELMAkG
        A1UEAwwCZWQwIBcNMjYxMTI1MjIxNzQwWhgPMjEyNjExMDEyMjE3NDBaMA0xCzAJ
        BgNVBAMMAmVkMCowBQYDK2VwAyEASgRx5KWVuPYlSooE7JezxTW1Wy9Or24kuhug
        9uJutrGjUzBRMB0GA1UdDgQWBBRqM76nQQW+kAyXS1JZnA4raYBiDTAfBgNVHSME
        GDAWgBRqM76nQQW+kAyXS1JZnA4raYBiDTAPBgNVHRMBAf8EBTADAQH/MAUGAytl
        cANBAGrV75Zq/W1s/ftcJuuFqKV3S+OQ6rD67I+/uks8URlnhvlWLVQYXeDnLift
        NWog1U/WQ0F44li1uP48bqTH8wg=
        -----END CERTIFICATE-----
        """;

    /// <summary>A key of the same kind.</summary>
    public static string Ed25519Key { get; } =
        PemEncoding.WriteString(
            "PRIVATE KEY",
            [.. Convert.FromHexString("302e020100300506032b657004220420"), .. new byte[32]]
        );

    private static string Certificate(CertificateRequest request)
    {
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(200)
        );
        return certificate.ExportCertificatePem() + "\n";
    }
}
