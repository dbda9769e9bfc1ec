using System.Text;

namespace CustomExecutor.Core.Kubernetes.Proxy;

/// <summary>A proxy on the way to the API server. Its address may hold a password.</summary>
/// <param name="Address">The address as configured, credentials included.</param>
/// <param name="Setting">Where it is configured, for messages: <c>proxy-url</c> or the name of an environment
/// variable.</param>
public sealed record ProxyAddress(Uri Address, string Setting)
{
    /// <summary>The scheme of a SOCKS proxy that resolves the server's name itself. Go resolves no name for
    /// <c>socks5</c> either.</summary>
    private const string Socks = "socks5";

    /// <summary>Whether it speaks SOCKS 5; else it is an HTTP proxy.</summary>
    public bool IsSocks => Address.Scheme is Socks or "socks5h";

    /// <summary>Whether the connection to the proxy itself is TLS.</summary>
    public bool IsTls => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>Its host name or IP address, without brackets.</summary>
    public string Host => Address.IdnHost;

    /// <summary>Its port; each scheme's own if the address has none.</summary>
    public int Port => Address.Port > 0 ? Address.Port : 1080;

    /// <summary>The address without credentials, path and query: a password may be in any of them.</summary>
    public string Shown =>
        DisplayText.Of(
            $"{Address.Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}"
        );

    /// <summary>The user name and password in the address, decoded; null without any.</summary>
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

    /// <summary>Without credentials.</summary>
    public override string ToString() => Shown;
}
