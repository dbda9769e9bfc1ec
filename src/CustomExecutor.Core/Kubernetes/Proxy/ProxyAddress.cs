using System.Text;

namespace CustomExecutor.Core.Kubernetes.Proxy;

/// <summary>A proxy for the API server. Its address may contain a password.</summary>
/// <param name="Address">The address as configured, including credentials.</param>
/// <param name="Setting">Where it is configured, for messages: <c>proxy-url</c> or the name of an environment
/// variable.</param>
public sealed record ProxyAddress(Uri Address, string Setting)
{
    /// <summary>
    /// The scheme of a SOCKS proxy. The proxy resolves the server's name: Go does not resolve names for <c>socks5</c>
    /// either.
    /// </summary>
    private const string Socks = "socks5";

    /// <summary>Whether it is a SOCKS 5 proxy; otherwise it is an HTTP proxy.</summary>
    public bool IsSocks => Address.Scheme is Socks or "socks5h";

    /// <summary>Whether the connection to the proxy itself uses TLS.</summary>
    public bool IsTls => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>Its host name or IP address, without brackets.</summary>
    public string Host => Address.IdnHost;

    /// <summary>Its port; the scheme's default if the address has none.</summary>
    public int Port => Address.Port > 0 ? Address.Port : 1080;

    /// <summary>The address without credentials, path and query: each of them may contain a password.</summary>
    public string Shown =>
        DisplayText.Of(
            $"{Address.Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}"
        );

    /// <summary>The user name and password in the address, decoded; null if there are none.</summary>
    public (string User, string Password)? Credentials
    {
        get
        {
            if (Address.UserInfo.Length == 0)
                return null;
            var parts = Address.UserInfo.Split(':', 2);
            return (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }
    }

    /// <summary>The header <c>Proxy-Authorization</c> for an HTTP proxy; null without credentials.</summary>
    public string? Authorization =>
        Credentials is var (user, password)
            ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}"
            : null;

    /// <summary>The proxy that a kubeconfig or a variable names.</summary>
    /// <exception cref="DriverException">The driver does not support its scheme.</exception>
    public static ProxyAddress Of(Uri address, string setting) =>
        address.Scheme is "http" or "https" or Socks or "socks5h"
            ? new ProxyAddress(address, setting)
            : throw new DriverException(
                $"{setting}: the proxy scheme \"{DisplayText.Of(address.Scheme)}\" is not supported. Use http, "
                    + "https or socks5."
            );

    /// <summary>Omits the credentials.</summary>
    public override string ToString() => Shown;
}
