using System.Text;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Kubernetes.Proxy;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>The proxy did not open the connection.</summary>
internal sealed class ProxyException(ConnectionFaultKind kind, string detail) : Exception(detail)
{
    public ConnectionFault Fault { get; } = new(kind, detail);
}

/// <summary>
/// Asks an HTTP proxy for a tunnel (RFC 9110, CONNECT). Like Go, it sends credentials with the first request, because
/// not every proxy asks for them.
/// </summary>
internal static class ProxyHandshake
{
    private const int LongestAnswer = 32 * 1024;

    /// <exception cref="ProxyException">The proxy refuses.</exception>
    public static async Task Connect(Stream stream, ProxyAddress proxy, string target, CancellationToken cancel)
    {
        var authorization = proxy.Authorization is { } value ? $"Proxy-Authorization: {value}\r\n" : "";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n"),
            cancel
        );
        var status = StatusOf(await ReadHead(stream, cancel));
        if (status is >= 200 and < 300)
            return;
        throw new ProxyException(
            status == 407 ? ConnectionFaultKind.ProxyCredentials : ConnectionFaultKind.ProxyRefused,
            $"{status} {new HttpResponseMessage((System.Net.HttpStatusCode)status).ReasonPhrase}".TrimEnd()
        );
    }

    /// <summary>
    /// Reads the answer's head. The server sends nothing until the client does, so any further data is an error.
    /// </summary>
    private static async Task<string> ReadHead(Stream stream, CancellationToken cancel)
    {
        var (buffer, length) = (new byte[LongestAnswer], 0);
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0)
                throw new ProxyException(ConnectionFaultKind.ProxyProtocol, "it closed the connection");
            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Encoding.Latin1.GetString(buffer, 0, end);
        }

        throw new ProxyException(ConnectionFaultKind.ProxyProtocol, "it is too long");
    }

    private static int StatusOf(string head)
    {
        var line = head.Split("\r\n", 2)[0];
        var parts = line.Split(' ', 3);
        return
            parts.Length >= 2
            && parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            && parts[1].Length == 3
            && int.TryParse(parts[1], out var status)
            ? status
            : throw new ProxyException(ConnectionFaultKind.ProxyProtocol, "it is not HTTP");
    }
}
