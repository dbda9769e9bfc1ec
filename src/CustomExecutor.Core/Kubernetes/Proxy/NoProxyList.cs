using System.Globalization;
using System.Net;

namespace CustomExecutor.Core.Kubernetes.Proxy;

/// <summary>
/// The value of <c>NO_PROXY</c> as Go and therefore kubectl read it (golang.org/x/net/http/httpproxy): addresses, CIDR
/// ranges and domain names, each with an optional port, separated by commas. Entries that cannot be read are ignored.
/// </summary>
public sealed class NoProxyList
{
    private readonly List<(IPAddress Address, int Prefix, string Port)> _ranges = [];
    private readonly List<(string Suffix, bool WithDomain, string Port)> _domains = [];
    private readonly bool _all;

    /// <param name="value">The variable's value.</param>
    public NoProxyList(string value)
    {
        foreach (var entry in value.Split(',').Select(e => e.Trim().ToLowerInvariant()).Where(e => e.Length > 0))
        {
            if (entry == "*")
            {
                _all = true;
                return;
            }

            Add(entry);
        }
    }

    /// <summary>Whether to reach the server without a proxy.</summary>
    public bool Contains(string host, int port)
    {
        if (_all)
            return true;
        var (name, number) = (host.Trim().ToLowerInvariant(), port.ToString(CultureInfo.InvariantCulture));
        var address = IpText.Parse(name);
        return (
                address is not null
                && _ranges.Any(r => IpText.IsWithin(address, r.Address, r.Prefix) && IsPort(r.Port, number))
            )
            || _domains.Any(d =>
                (name.EndsWith(d.Suffix, StringComparison.Ordinal) || (d.WithDomain && name == d.Suffix[1..]))
                && IsPort(d.Port, number)
            );
    }

    private static bool IsPort(string wanted, string port) => wanted.Length == 0 || wanted == port;

    private void Add(string entry)
    {
        if (IpText.ParseRange(entry) is var (network, prefix))
        {
            _ranges.Add((network, prefix, ""));
            return;
        }

        var (host, port) = IpText.SplitPort(entry);
        if (host.Length == 0)
            return;
        if (IpText.Parse(host) is { } address)
            _ranges.Add((address, address.GetAddressBytes().Length * 8, port));
        else
            AddDomain(host, port);
    }

    /// <summary>
    /// "example.com" matches the domain and its subdomains, ".example.com" and "*.example.com" only the subdomains.
    /// </summary>
    private void AddDomain(string host, string port)
    {
        var below = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host;
        var withDomain = below[0] != '.';
        _domains.Add(((withDomain ? "." : "") + Ascii(below), withDomain, port));
    }

    private static string Ascii(string name)
    {
        if (System.Text.Ascii.IsValid(name))
            return name;
        try
        {
            return name[0] == '.' ? $".{new IdnMapping().GetAscii(name[1..])}" : new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            return name; // Not a domain name, so it matches none.
        }
    }
}
