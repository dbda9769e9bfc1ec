using System.Buffers.Binary;
using System.Net;
using System.Text;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Kubernetes.Proxy;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>
/// Asks a SOCKS 5 proxy for a connection (RFC 1928, RFC 1929). The proxy resolves names, as in Go for socks5 and
/// socks5h.
/// </summary>
internal static class SocksHandshake
{
    private const byte Version = 5,
        NoAuthentication = 0,
        UserAndPassword = 2,
        ConnectCommand = 1,
        Ipv4 = 1,
        Name = 3,
        Ipv6 = 4;

    private static readonly string[] Refusals =
    [
        "",
        "general failure",
        "not allowed by its rules",
        "network unreachable",
        "host unreachable",
        "connection refused",
        "time to live expired",
        "command not supported",
        "address type not supported",
    ];

    /// <exception cref="ProxyException">The proxy refuses.</exception>
    public static async Task Connect(Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancel)
    {
        var credentials = proxy.Credentials;
        await stream.WriteAsync(
            credentials is null
                ? [Version, 1, NoAuthentication]
                : new byte[] { Version, 2, NoAuthentication, UserAndPassword },
            cancel
        );
        var chosen = await Read(stream, 2, cancel);
        if (chosen[0] != Version)
            throw new ProxyException(ConnectionFaultKind.ProxyProtocol, "it is not SOCKS 5");
        if (chosen[1] == UserAndPassword && credentials is var (user, password))
        {
            await LogIn(stream, user, password, cancel);
        }
        else if (chosen[1] != NoAuthentication)
        {
            throw new ProxyException(
                ConnectionFaultKind.ProxyCredentials,
                "it does not accept the driver's authentication methods"
            );
        }

        await stream.WriteAsync(Request(host, port), cancel);
        var answer = await Read(stream, 4, cancel);
        if (answer[0] != Version)
            throw new ProxyException(ConnectionFaultKind.ProxyProtocol, "it is not SOCKS 5");
        if (answer[1] != 0)
        {
            throw new ProxyException(
                ConnectionFaultKind.ProxyRefused,
                answer[1] < Refusals.Length ? Refusals[answer[1]] : $"code {answer[1]}"
            );
        }

        await Read(stream, await LengthOfAddress(stream, answer[3], cancel) + sizeof(ushort), cancel);
    }

    private static async Task LogIn(Stream stream, string user, string password, CancellationToken cancel)
    {
        const byte negotiation = 1;
        await stream.WriteAsync((byte[])[negotiation, .. Counted(user), .. Counted(password)], cancel);
        if ((await Read(stream, 2, cancel))[1] != 0)
            throw new ProxyException(ConnectionFaultKind.ProxyCredentials, "it rejected the user name or password");
    }

    private static byte[] Request(string host, int port)
    {
        byte[] address = IPAddress.TryParse(host, out var ip)
            ? [ip.GetAddressBytes().Length == 4 ? Ipv4 : Ipv6, .. ip.GetAddressBytes()]
            : [Name, .. Counted(host)];
        var number = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)port);
        return [Version, ConnectCommand, 0, .. address, .. number];
    }

    private static byte[] Counted(string text) =>
        Encoding.UTF8.GetBytes(text) is { Length: <= 255 } bytes
            ? [(byte)bytes.Length, .. bytes]
            : throw new ProxyException(
                ConnectionFaultKind.ProxyProtocol,
                "a name or password is longer than the protocol's 255 bytes"
            );

    private static async Task<int> LengthOfAddress(Stream stream, byte type, CancellationToken cancel) =>
        type switch
        {
            Ipv4 => 4,
            Ipv6 => 16,
            Name => (await Read(stream, 1, cancel))[0],
            _ => throw new ProxyException(ConnectionFaultKind.ProxyProtocol, "its address type is unknown"),
        };

    private static async Task<byte[]> Read(Stream stream, int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }
}
