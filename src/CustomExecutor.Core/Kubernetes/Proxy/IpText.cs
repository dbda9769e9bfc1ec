using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CustomExecutor.Core.Kubernetes.Proxy;

/// <summary>
/// Parses IP addresses like Go's <c>net</c> package: .NET accepts "10.1" and "010.0.0.1", Go does not.
/// </summary>
internal static class IpText
{
    /// <summary>
    /// The address; null if the text is not one. An IPv4 address in IPv6 notation becomes IPv4. A zone
    /// (<c>fe80::1%eth0</c>) is not allowed.
    /// </summary>
    public static IPAddress? Parse(string text)
    {
        if (!text.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':'))
            return null;
        if (!text.Contains(':', StringComparison.Ordinal) && !IsDottedQuad(text))
            return null;
        if (!IPAddress.TryParse(text, out var address))
            return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>An address range like <c>10.0.0.0/8</c>; bits after the prefix may be set.</summary>
    public static (IPAddress Network, int Prefix)? ParseRange(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || Parse(text[..slash]) is not { } address)
            return null;
        if (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix))
            return null;
        // The prefix counts from the start of the notation: ::ffff:10.0.0.0/104 is 10.0.0.0/8.
        if (text.Contains(':', StringComparison.Ordinal) && address.AddressFamily == AddressFamily.InterNetwork)
            prefix -= 96;
        return prefix >= 0 && prefix <= address.GetAddressBytes().Length * 8 ? (address, prefix) : null;
    }

    /// <summary>Whether the first <paramref name="prefix"/> bits are the same.</summary>
    public static bool IsWithin(IPAddress address, IPAddress network, int prefix)
    {
        var (one, other) = (address.GetAddressBytes(), network.GetAddressBytes());
        if (one.Length != other.Length)
            return false;
        for (var bit = 0; bit < prefix; bit++)
        {
            if (((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) != 0)
                return false;
        }

        return true;
    }

    /// <summary>
    /// Splits <c>host:port</c> and <c>[IPv6]:port</c>; text without a port, or with more than one colon and no
    /// brackets, is a host.
    /// </summary>
    public static (string Host, string Port) SplitPort(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            return (text, "");
        if (text[0] == '[')
            return colon > 0 && text[colon - 1] == ']' ? (text[1..(colon - 1)], text[(colon + 1)..]) : (text, "");
        return text.IndexOf(':', StringComparison.Ordinal) == colon ? (text[..colon], text[(colon + 1)..]) : (text, "");
    }

    private static bool IsDottedQuad(string text) =>
        text.Split('.') is { Length: 4 } parts
        && parts.All(p => p.Length is >= 1 and <= 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0'));
}
