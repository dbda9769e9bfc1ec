using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Finds certificates and keys in PEM format like Go: other text and blocks of other kinds are skipped.
/// </summary>
public static class CertificatePem
{
    private const string Certificates = "CERTIFICATE";
    private const string Ed25519 = "1.3.101.112";

    /// <summary>
    /// The certificates of a text, each as PEM; null if there are none. Invalid ones are skipped, as in Go's
    /// AppendCertsFromPEM.
    /// </summary>
    public static string? Authorities(string text)
    {
        using var certificates = new Disposables();
        foreach (var (label, der) in Blocks(text))
        {
            if (label == Certificates)
                certificates.TryAdd(der);
        }

        return certificates.List.Count == 0
            ? null
            : string.Join("\n", certificates.List.Select(c => c.ExportCertificatePem())) + "\n";
    }

    /// <summary>The problem with a client certificate and its key; null if they can be used.</summary>
    public static (bool InKey, string Sentence)? Mistake(string certificate, string key)
    {
        try
        {
            foreach (var loaded in Load(certificate, key))
                loaded.Dispose();
            return null;
        }
        catch (PemException e)
        {
            return (e.InKey, e.Message);
        }
    }

    /// <summary>The client certificate with its key, followed by the rest of its chain.</summary>
    /// <exception cref="PemException">They can't be used.</exception>
    public static X509Certificate2Collection Load(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        foreach (var (label, der) in Blocks(certificate))
        {
            if (label != Certificates)
                continue;
            try
            {
                chain.Add(X509CertificateLoader.LoadCertificate(der));
            }
            catch (CryptographicException)
            {
                throw new PemException(inKey: false, "has a certificate that can't be read. Is it complete?");
            }
        }

        if (chain.Count == 0)
            throw new PemException(inKey: false, "has no certificate in PEM format. Is it complete?");
        var leaf = chain[0];
        chain[0] = WithKey(leaf, key);
        leaf.Dispose();
        return chain;
    }

    private static X509Certificate2 WithKey(X509Certificate2 leaf, string key)
    {
        // EC PARAMETERS may come before the key.
        var (label, der) = Blocks(key)
            .FirstOrDefault(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
        if (label == "ENCRYPTED PRIVATE KEY" || key.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            throw new PemException(
                inKey: true,
                "is encrypted with a passphrase, which the driver cannot ask for. Store it decrypted."
            );
        }

        if (label is null)
            throw new PemException(inKey: true, "has no private key in PEM format. Is it complete?");
        if (leaf.PublicKey.Oid.Value == Ed25519)
            throw new PemException(inKey: true, "is an Ed25519 key, which .NET can't use. Use an RSA or ECDSA key.");
        try
        {
            return Import(leaf, label, der);
        }
        catch (CryptographicException)
        {
            throw new PemException(
                inKey: true,
                "can't be read as a key of the certificate's type. Is it complete, and the right one?"
            );
        }
        catch (ArgumentException)
        {
            throw new PemException(inKey: true, "is not the certificate's key.");
        }
    }

    private static X509Certificate2 Import(X509Certificate2 leaf, string label, byte[] der)
    {
        using var rsaPublic = leaf.GetRSAPublicKey();
        if (rsaPublic is not null)
        {
            using var rsa = RSA.Create();
            if (label == "RSA PRIVATE KEY")
                rsa.ImportRSAPrivateKey(der, out _);
            else
                rsa.ImportPkcs8PrivateKey(der, out _);
            return leaf.CopyWithPrivateKey(rsa);
        }

        using var ecdsa = ECDsa.Create();
        if (label == "EC PRIVATE KEY")
            ecdsa.ImportECPrivateKey(der, out _);
        else
            ecdsa.ImportPkcs8PrivateKey(der, out _);
        return leaf.CopyWithPrivateKey(ecdsa);
    }

    private static List<(string Label, byte[] Der)> Blocks(string text)
    {
        var blocks = new List<(string, byte[])>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            blocks.Add((rest[fields.Label].ToString(), Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }

    private sealed class Disposables : IDisposable
    {
        public List<X509Certificate2> List { get; } = [];

        public void TryAdd(byte[] der)
        {
            try
            {
                List.Add(X509CertificateLoader.LoadCertificate(der));
            }
            catch (CryptographicException)
            {
                // Another one may be good.
            }
        }

        public void Dispose() => List.ForEach(c => c.Dispose());
    }
}

/// <summary>A certificate or a key that can't be used.</summary>
/// <param name="inKey">Whether the key is the problem.</param>
/// <param name="sentence">The reason, which quotes nothing.</param>
public sealed class PemException(bool inKey, string sentence) : Exception(sentence)
{
    /// <summary>Whether the key is the problem.</summary>
    public bool InKey { get; } = inKey;
}
