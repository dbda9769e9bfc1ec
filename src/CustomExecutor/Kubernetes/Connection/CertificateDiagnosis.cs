using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>Judges one server's certificate and keeps why it was refused: the TLS client reports no more than
/// that.</summary>
internal sealed class CertificateDiagnosis(ServerTrust trust, string name, TimeProvider time)
{
    private const int MostNames = 10;

    /// <summary>Why the certificate was rejected; null if it was not.</summary>
    public ConnectionFault? Fault { get; private set; }

    /// <summary>Whether the certificate is valid for the server.</summary>
    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (trust.IsSkipped)
            return true;
        Fault =
            certificate is X509Certificate2 server && chain is not null
                ? Judge(server, chain, errors)
                : new ConnectionFault(ConnectionFaultKind.BadCertificate, "is missing: it sent none");
        return Fault is null;
    }

    private ConnectionFault? Judge(X509Certificate2 server, X509Chain chain, SslPolicyErrors errors)
    {
        if (!trust.IsTrusted(server, chain, errors))
            return ChainFault(server, chain);
        return IsNamed(server)
            ? null
            : new ConnectionFault(ConnectionFaultKind.WrongName, $"{Names(server)}, not for {DisplayText.Of(name)}");
    }

    /// <summary>
    /// An IP address only matches an IP address in the certificate, never a DNS name or the common name.
    /// </summary>
    private bool IsNamed(X509Certificate2 server)
    {
        try
        {
            return server.MatchesHostname(name, allowWildcards: true, allowCommonName: false);
        }
        catch (ArgumentException)
        {
            return false; // Not a name that a certificate could have.
        }
    }

    private ConnectionFault ChainFault(X509Certificate2 server, X509Chain chain)
    {
        var late = chain
            .ChainElements.FirstOrDefault(e =>
                e.ChainElementStatus.Any(s => s.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            )
            ?.Certificate;
        if (late is not null)
        {
            return new ConnectionFault(
                ConnectionFaultKind.WrongTime,
                Time(late, isServers: late.Thumbprint == server.Thumbprint)
            );
        }

        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        if (flags.HasFlag(X509ChainStatusFlags.NotValidForUsage))
            return new ConnectionFault(ConnectionFaultKind.BadCertificate, "is not a server's certificate");
        var issuer = server.SubjectName.RawData.AsSpan().SequenceEqual(server.IssuerName.RawData)
            ? "itself"
            : DisplayText.Of(server.Issuer);
        return new ConnectionFault(
            ConnectionFaultKind.Untrusted,
            $"it is issued by {issuer}{(issuer == "itself" ? "" : ", which is not a known CA")}"
        );
    }

    private string Time(X509Certificate2 certificate, bool isServers)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        var trouble = now < from ? $"is not valid before {from:u}" : $"has expired on {until:u}";
        return $"{(isServers ? "" : "has a CA that ")}{trouble}; this host's clock shows {now:u}";
    }

    private static string Names(X509Certificate2 server)
    {
        var alternatives = server.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] names = alternatives is null
            ? []
            : [.. alternatives.EnumerateDnsNames(), .. alternatives.EnumerateIPAddresses().Select(a => a.ToString())];
        if (names.Length == 0)
            return "no name at all";
        var shown = string.Join(", ", names.Take(MostNames).Select(n => DisplayText.Of(n)));
        return names.Length > MostNames ? $"{shown} and {names.Length - MostNames} more" : shown;
    }
}
