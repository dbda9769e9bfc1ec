using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>
/// A proxy that notes what it is asked for. All names lead to this machine: it connects to the port that was asked for,
/// at 127.0.0.1 or ::1.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _kind;
    private readonly ConcurrentQueue<string> _record;
    private readonly Task _accepting;

    /// <param name="kind"><c>http</c>, <c>https</c>, <c>socks5</c>, or <c>login</c> (HTTP, and nobody gets through
    /// without a login).</param>
    /// <param name="record">Gets a line for each connection.</param>
    public RecordingProxy(string kind, ConcurrentQueue<string> record)
    {
        (_kind, _record) = (kind, record);
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = await Open(client);
            await (_kind == "socks5" ? ServeSocks(stream) : ServeHttp(stream));
        }
        catch (Exception e)
            when (e
                    is IOException
                        or OperationCanceledException
                        or SocketException
                        or ObjectDisposedException
                        or System.Security.Authentication.AuthenticationException
            )
        {
            // The client is gone, or does not like what it got.
        }
    }

    private async Task<Stream> Open(TcpClient client)
    {
        if (_kind != "https")
            return client.GetStream();
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = Pki.Server("server").Certificate },
            _end.Token
        );
        return tls;
    }

    private async Task ServeHttp(Stream stream)
    {
        var head = await Head(stream);
        var (method, target) = (head[0].Split(' ')[0], head[0].Split(' ')[1]);
        var login = head.FirstOrDefault(l => l.StartsWith("Proxy-Authorization:", StringComparison.OrdinalIgnoreCase))
            ?["Proxy-Authorization:".Length..].Trim();
        var address = method == "CONNECT" ? target : new Uri(target).Authority;
        _record.Enqueue($"proxy {_kind} {(method == "CONNECT" ? method : "http")} {address} login=[{login}]");
        if (_kind == "login" && login is null)
        {
            await Write(
                stream,
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
                    + "realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            return;
        }

        var port = int.Parse(address[(address.LastIndexOf(':') + 1)..]);
        if (method == "CONNECT")
        {
            await Splice(stream, address[0] == '[', port, "HTTP/1.1 200 Connection established\r\n\r\n", null);
        }
        else
        {
            await Splice(
                stream,
                address[0] == '[',
                port,
                null,
                string.Join("\r\n", [$"{method} {new Uri(target).PathAndQuery} HTTP/1.1", .. head[1..], "", ""])
            );
        }
    }

    private async Task ServeSocks(Stream stream)
    {
        var methods = await Read(stream, (await Read(stream, 2))[1]);
        var login = "";
        await stream.WriteAsync((byte[])[5, (byte)(methods.Contains((byte)2) ? 2 : 0)], _end.Token);
        if (methods.Contains((byte)2))
        {
            var user = await Read(stream, (await Read(stream, 2))[1]);
            var password = await Read(stream, (await Read(stream, 1))[0]);
            login = $"{Encoding.UTF8.GetString(user)}:{Encoding.UTF8.GetString(password)}";
            await stream.WriteAsync((byte[])[1, 0], _end.Token);
        }

        var kind = (await Read(stream, 4))[3];
        var host = kind switch
        {
            1 => new IPAddress(await Read(stream, 4)).ToString(),
            4 => new IPAddress(await Read(stream, 16)).ToString(),
            _ => Encoding.UTF8.GetString(await Read(stream, (await Read(stream, 1))[0])),
        };
        var port = await Read(stream, 2);
        var number = (port[0] << 8) + port[1];
        _record.Enqueue($"proxy socks5 {host}:{number} login=[{login}]");
        await stream.WriteAsync((byte[])[5, 0, 0, 1, 0, 0, 0, 0, 0, 0], _end.Token);
        await Splice(stream, kind == 4, number, null, null);
    }

    private async Task Splice(Stream client, bool isIPv6, int port, string? toClient, string? toServer)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(isIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, port, _end.Token);
        await using var server = connection.GetStream();
        if (toClient is not null)
            await Write(client, toClient);
        if (toServer is not null)
            await Write(server, toServer);
        await Task.WhenAny(client.CopyToAsync(server, _end.Token), server.CopyToAsync(client, _end.Token));
    }

    private async Task<string[]> Head(Stream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await Read(stream, 1))[0]);
        return head.ToString()[..^4].Split("\r\n");
    }

    private async Task<byte[]> Read(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _end.Token);
        return bytes;
    }

    private Task Write(Stream stream, string text) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), _end.Token).AsTask();
}
