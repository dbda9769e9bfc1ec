using System.Net;

namespace CustomExecutor.Core.Kubernetes.Proxy;

/// <summary>
/// Finds the proxy for the API server in the environment, by Go's rules (golang.org/x/net/http/httpproxy), which
/// kubectl uses. .NET's rules differ for <c>NO_PROXY</c>, <c>ALL_PROXY</c> and https.
/// </summary>
public static class ProxyEnvironment
{
    private static readonly string[] ForHttps = ["HTTPS_PROXY", "https_proxy"];
    private static readonly string[] ForHttp = ["HTTP_PROXY", "http_proxy"];
    private static readonly string[] None = ["NO_PROXY", "no_proxy"];

    /// <summary>The proxy; null for a direct connection.</summary>
    /// <param name="server">The API server's address.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="DriverException">A variable names a proxy that can't be used.</exception>
    public static ProxyAddress? ProxyFor(Uri server, Func<string, string?> variable)
    {
        var https = server.Scheme is "https" or "wss";
        if (First(https ? ForHttps : ForHttp, variable) is not var (name, value))
            return null;
        // Go's rule: a web server passes the request header "Proxy" to its CGI programs as HTTP_PROXY.
        if (!https && variable("REQUEST_METHOD") is { Length: > 0 })
        {
            throw new DriverException(
                $"{name} is not used while REQUEST_METHOD is set (a CGI program's environment). Unset one of them."
            );
        }

        return IsDirect(server, variable) ? null : ProxyAddress.Of(Parse(name, value), name);
    }

    private static bool IsDirect(Uri server, Func<string, string?> variable)
    {
        var host = server.IdnHost;
        if (host == "localhost" || (IpText.Parse(host) is { } address && IPAddress.IsLoopback(address)))
            return true;
        return First(None, variable) is var (_, list) && new NoProxyList(list).Contains(host, server.Port);
    }

    /// <summary>
    /// A complete URL or <c>host[:port]</c>. From another value, Go would create an address that no proxy has.
    /// </summary>
    private static Uri Parse(string name, string value) =>
        Uri.TryCreate(
            value.Contains("://", StringComparison.Ordinal) ? value : $"http://{value}",
            UriKind.Absolute,
            out var address
        )
        && address.Host.Length > 0
            ? address
            : throw new DriverException($"{name} is not a valid URL. Set http://HOST:PORT, or unset it.");

    private static (string Name, string Value)? First(string[] names, Func<string, string?> variable)
    {
        foreach (var name in names)
        {
            if (variable(name) is { Length: > 0 } value)
                return (name, value);
        }

        return null;
    }
}
