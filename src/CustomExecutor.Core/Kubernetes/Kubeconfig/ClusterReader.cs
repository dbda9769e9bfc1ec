using System.Text;
using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>Checks the cluster of the chosen context, by the rules of client-go's validateClusterInfo and
/// DefaultServerURL.</summary>
internal sealed partial class ClusterReader(
    KubeconfigCluster cluster,
    string path,
    KubeconfigMistakes mistakes,
    Func<string, FileContent> read
)
{
    /// <summary>
    /// The server's address without the query; null after a mistake. User information in it is a login (see <see
    /// cref="Login"/>).
    /// </summary>
    public Uri? Server()
    {
        if (cluster.Server is not { } text)
        {
            // kubectl would use http://localhost:8080 here.
            Add("server", "is missing. Set the API server's URL.");
            return null;
        }

        // A host and a port without a scheme mean HTTP.
        var url =
            Url(text)
            ?? (text.Contains("://", StringComparison.Ordinal) || text.Contains('/') ? null : Url($"http://{text}"));
        if (url is null)
        {
            Add("server", "is not a URL. Set https://HOST:PORT, with a path if the server has one.");
            return null;
        }

        if (url.Fragment.Length > 1)
            Add("server", "has a fragment (#). Remove it.");
        // client-go joins the parts of a path, so two slashes become one.
        return new UriBuilder(url)
        {
            Path = Slashes().Replace(url.AbsolutePath, "/"),
            Query = "",
            Fragment = "",
        }.Uri;
    }

    /// <summary>
    /// The login in the server's address. Go's HTTP client sends it, and client-go's transports then add neither a
    /// token nor another login. The client certificate is still sent.
    /// </summary>
    public static ClusterUser Login(Uri server, ClusterUser user)
    {
        if (server.UserInfo.Length == 0)
            return user;
        var parts = server.UserInfo.Split(':', 2);
        return user with
        {
            Username = Uri.UnescapeDataString(parts[0]),
            Password = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "",
            Token = null,
            TokenFile = null,
            Exec = null,
        };
    }

    /// <summary>The connection, without a user yet.</summary>
    /// <param name="server">The result of <see cref="Server"/>.</param>
    /// <param name="origin">The source, for messages.</param>
    public ClusterConnection Read(Uri server, string origin)
    {
        if (cluster is { CertificateAuthority: not null, CertificateAuthorityData: not null })
            Add("certificate-authority", "is set, and certificate-authority-data too. Remove one of the two.");
        var authority =
            cluster.CertificateAuthorityData ?? ReadFile("certificate-authority", cluster.CertificateAuthority);
        var secure = server.Scheme == Uri.UriSchemeHttps;
        return new ClusterConnection
        {
            Origin = origin,
            Server = new UriBuilder(server) { UserName = "", Password = "" }.Uri,
            // client-go rewrites an address with a path.
            Written = (server.AbsolutePath.Length > 1 ? server.AbsoluteUri : cluster.Server!, authority),
            TlsServerName = cluster.TlsServerName,
            InsecureSkipTlsVerify = cluster.InsecureSkipTlsVerify,
            CertificateAuthority = secure && authority is not null ? Authority(authority) : null,
            Proxy = Proxy(),
            DisableCompression = cluster.DisableCompression,
            User = new ClusterUser(),
            Files = [],
        };
    }

    private string? Authority(byte[] bytes)
    {
        if (cluster.InsecureSkipTlsVerify)
            Add("insecure-skip-tls-verify", "is true, and a certificate authority is set. Remove one of the two.");
        if (CertificatePem.Authorities(Encoding.UTF8.GetString(bytes)) is { } pem)
            return pem;
        if (cluster.CertificateAuthorityData is not null)
        {
            Add("certificate-authority-data", "has no certificate in PEM format. Is it complete?");
        }
        else
        {
            Add(
                "certificate-authority",
                $"the file {DisplayText.Of(cluster.CertificateAuthority!)} has no certificate in PEM format. Is it "
                    + "complete?"
            );
        }

        return null;
    }

    private Uri? Proxy()
    {
        if (cluster.ProxyUrl is not { } text)
            return null;
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var proxy)
            && proxy.Scheme is "http" or "https" or "socks5"
            && proxy.Host.Length > 0
        )
        {
            return proxy;
        }

        Add("proxy-url", "is not a URL that begins with http://, https:// or socks5://.");
        return null;
    }

    private byte[]? ReadFile(string field, string? file)
    {
        if (file is null)
            return null;
        var content = read(file);
        if (content.Trouble is { } trouble)
            Add(field, $"the file {DisplayText.Of(file)} can't be read: {DisplayText.Of(trouble)}");
        return content.Bytes;
    }

    private static Uri? Url(string text) =>
        !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && text.Contains("://", StringComparison.Ordinal)
        && url.Host.Length > 0
            ? url
            : null;

    [GeneratedRegex("/{2,}")]
    private static partial Regex Slashes();

    private void Add(string field, string sentence) =>
        mistakes.Add(cluster.File, KubeconfigMistakes.Path(path, field), sentence);
}
