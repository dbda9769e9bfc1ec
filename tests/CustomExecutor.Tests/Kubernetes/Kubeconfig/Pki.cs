using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>All certificates and keys of the table, made once. Servers and files are named as the rows name
/// them.</summary>
internal static class Pki
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private static readonly string[] Right = ["127.0.0.1", "::1", "0.0.0.0", "::", "localhost", "api.table.test"];
    private static readonly Authority Ca = Root("CN=spec CA");
    private static readonly Authority OtherCa = Root("CN=other CA");
    private static readonly Authority SameNameCa = Root("CN=spec CA");
    private static readonly Authority Intermediate = Ca.Sign(
        new CertificateShape { Subject = "CN=spec intermediate", IsAuthority = true }
    );
    private static readonly Authority NoCa = Authority.SelfSigned(new CertificateShape { Subject = "CN=no CA" });

    private static readonly Dictionary<string, Lazy<Authority>> Servers = new()
    {
        ["server"] = new(() => Ca.Sign(new CertificateShape(Right))),
        ["second"] = new(() => Ca.Sign(new CertificateShape(Right))),
        ["other-name"] = new(() => Ca.Sign(new CertificateShape("api.elsewhere.test", "10.0.0.1"))),
        ["dns-name"] = new(() => Ca.Sign(new CertificateShape("api.table.test", "localhost"))),
        ["wildcard"] = new(() => Ca.Sign(new CertificateShape("*.table.test"))),
        ["address-as-dns"] = new(() => Ca.Sign(new CertificateShape { Subject = "CN=127.0.0.1" })),
        ["common-name"] = new(() => Ca.Sign(new CertificateShape { Subject = "CN=localhost" })),
        ["expired"] = new(() => Ca.Sign(new CertificateShape(Right) { From = -9, To = -1 })),
        ["future"] = new(() => Ca.Sign(new CertificateShape(Right) { From = 1, To = 9 })),
        ["client-usage"] = new(() => Ca.Sign(new CertificateShape(Right) { Usage = ClientUsage })),
        ["other-ca"] = new(() => OtherCa.Sign(new CertificateShape(Right))),
        ["same-name-ca"] = new(() => SameNameCa.Sign(new CertificateShape(Right))),
        ["no-ca"] = new(() => NoCa.Sign(new CertificateShape(Right))),
        ["self-signed"] = new(() => Authority.SelfSigned(new CertificateShape(Right))),
        ["intermediate"] = new(() => Intermediate.Sign(new CertificateShape(Right))),
        ["intermediate-missing"] = new(() => Intermediate.Sign(new CertificateShape(Right))),
    };

    private static readonly Dictionary<string, Lazy<string>> Files = new()
    {
        ["ca"] = new(() => Ca.Pem),
        ["other-ca"] = new(() => OtherCa.Pem),
        ["no-ca"] = new(() => NoCa.Pem),
        ["intermediate-ca"] = new(() => Intermediate.Pem),
        ["bundle"] = new(() => OtherCa.Pem + Ca.Pem),
        ["bundle-ca-first"] = new(() => Ca.Pem + OtherCa.Pem),
        ["bundle-same-name"] = new(() => SameNameCa.Pem + Ca.Pem),
        ["bundle-with-text"] = new(() =>
            "Certificate:\n    Data: of openssl\n" + OtherCa.Pem + "# ours\n" + Ca.Pem + "the end"
        ),
        ["bundle-with-key"] = new(() =>
            Ca.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n" + Ca.Pem
        ),
        ["ca-crlf"] = new(() => Ca.Pem.Replace("\n", "\r\n", StringComparison.Ordinal)),
        ["ca-without-newline"] = new(() => Ca.Pem.TrimEnd('\n')),
        ["ca-half"] = new(() => Ca.Pem[..200]),
        ["bundle-half"] = new(() => Ca.Pem + OtherCa.Pem[..200]),
        ["bundle-broken"] = new(() => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + Ca.Pem),
        ["empty"] = new(() => ""),
        ["words"] = new(() => "no certificate\n"),
    };

    private static readonly Lazy<Dictionary<string, string>> Clients = new(MakeClients);

    /// <summary>A server's certificate with its key, and what it sends besides.</summary>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Server(string name) =>
        (Servers[name].Value.Certificate, name == "intermediate" ? [Intermediate.Certificate] : []);

    /// <summary>The PEM text of a file: <c>ca</c>, <c>leaf-SERVER</c>, <c>rsa.key</c>...</summary>
    public static string Pem(string name) =>
        Files.TryGetValue(name, out var file) ? file.Value
        : name.StartsWith("leaf-", StringComparison.Ordinal) ? Servers[name["leaf-".Length..]].Value.Pem
        : Clients.Value[name];

    private static Authority Root(string subject) =>
        Authority.SelfSigned(new CertificateShape { Subject = subject, IsAuthority = true });

    private static Dictionary<string, string> MakeClients()
    {
        var files = new Dictionary<string, string>();
        CertificateShape Shape(string name) => new() { Subject = $"CN={name}, O=spec", Usage = ClientUsage };
        foreach (
            var (name, curve) in (ReadOnlySpan<(string, ECCurve)>)
                [
                    ("p256", ECCurve.NamedCurves.nistP256),
                    ("p384", ECCurve.NamedCurves.nistP384),
                    ("p521", ECCurve.NamedCurves.nistP521),
                ]
        )
        {
            using var key = ECDsa.Create(curve);
            files[$"{name}.crt"] = Ca.Sign(Shape(name), key).ExportCertificatePem() + "\n";
            files[$"{name}.key"] = key.ExportPkcs8PrivateKeyPem() + "\n";
            files[$"{name}-sec1.key"] = key.ExportECPrivateKeyPem() + "\n";
            // openssl ecparam -genkey writes the curve's name before the key; Go and kubectl take the key behind it.
            files[$"{name}-parameters.key"] =
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + files[$"{name}-sec1.key"];
        }

        using var rsa = RSA.Create(2048);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        files["rsa.crt"] = Ca.Sign(Shape("rsa"), rsa).ExportCertificatePem() + "\n";
        files["rsa.key"] = rsa.ExportPkcs8PrivateKeyPem() + "\n";
        files["rsa-pkcs1.key"] = rsa.ExportRSAPrivateKeyPem() + "\n";
        files["rsa-encrypted.key"] = rsa.ExportEncryptedPkcs8PrivateKeyPem("SECRETpassword", encryption) + "\n";
        files["rsa-public.key"] = rsa.ExportRSAPublicKeyPem() + "\n";
        files["rsa-both.pem"] = files["rsa.crt"] + files["rsa.key"];
        files["rsa-text.crt"] = "Bag Attributes\n    friendlyName: x\nsubject=CN=rsa\n" + files["rsa.crt"];
        files["rsa-half.key"] = files["rsa.key"][..600];
        using var chained = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        files["chain.crt"] =
            Intermediate.Sign(Shape("chained"), chained).ExportCertificatePem() + "\n" + Intermediate.Pem;
        files["chain.key"] = chained.ExportPkcs8PrivateKeyPem() + "\n";
        files["expired.crt"] =
            Ca.Sign(Shape("expired") with { From = -9, To = -1 }, chained).ExportCertificatePem() + "\n";
        AddOpenssls(files);
        return files;
    }

    /// <summary>What .NET can't make.</summary>
    private static void AddOpenssls(Dictionary<string, string> files)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("rsa.key", files["rsa.key"]);
        using var openssl = Process.Start(
            new ProcessStartInfo("sh")
            {
                ArgumentList =
                {
                    "-ec",
                    """
                    openssl req -x509 -newkey ed25519 -nodes -subj /CN=ed25519 -days 1 -keyout ed25519.key -out ed25519.crt
                    openssl rsa -traditional -in rsa.key -aes128 -passout pass:SECRETpassword -out rsa-encrypted-pkcs1.key
                    """,
                },
                WorkingDirectory = directory.Path,
                RedirectStandardError = true,
            }
        )!;
        openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        foreach (var name in (string[])["ed25519.key", "ed25519.crt", "rsa-encrypted-pkcs1.key"])
            files[name] = File.ReadAllText(Path.Combine(directory.Path, name));
    }
}
