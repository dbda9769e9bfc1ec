using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CustomExecutor.Tests.Kubernetes.Connection;

/// <summary>A forward proxy (HTTP with CONNECT, or SOCKS 5), with or without TLS, that remembers what it was
/// asked.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly CancellationTokenSource _end = new();
    private X509Certificate2? _certificate;
    private string? _answer;
    private (string User, string Password)? _login;
    private bool _socks;

    /// <summary>What it was asked: the head of an HTTP request, or "user:password host:port" for SOCKS.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>An HTTP proxy.</summary>
    /// <param name="certificate">With it, the proxy itself speaks TLS.</param>
    /// <param name="answer">What it answers in the place of connecting.</param>
    public static RecordingProxy Http(X509Certificate2? certificate = null, string? answer = null) =>
        Start(new RecordingProxy { _certificate = certificate, _answer = answer });

    /// <summary>A SOCKS 5 proxy.</summary>
    /// <param name="login">The only user, if there has to be one.</param>
    /// <param name="answer">The bytes that it answers a request with in the place of connecting, as text.</param>
    public static RecordingProxy Socks((string User, string Password)? login = null, string? answer = null) =>
        Start(
            new RecordingProxy
            {
                _socks = true,
                _login = login,
                _answer = answer,
            }
        );

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
    }

    private static RecordingProxy Start(RecordingProxy proxy)
    {
        proxy._listener.Start();
        _ = proxy.Accept();
        return proxy;
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var open = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }

            if (_socks)
                await ServeSocks(stream);
            else
                await ServeHttp(stream);
        }
        catch (Exception e)
            when (e is IOException or SocketException or OperationCanceledException or AuthenticationException)
        {
            // One of the two is gone.
        }
    }

    private async Task ServeHttp(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
                return;
            head.Append((char)one[0]);
        }

        _asked.Enqueue(head.ToString());
        var target = head.ToString().Split(' ')[1];
        if (_answer is not null)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer), _end.Token);
            return;
        }

        if (head.ToString().StartsWith("CONNECT ", StringComparison.Ordinal))
        {
            var colon = target.LastIndexOf(':');
            await Relay(
                stream,
                target[..colon].Trim('[', ']'),
                int.Parse(target[(colon + 1)..]),
                "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"u8.ToArray(),
                []
            );
            return;
        }

        var address = new Uri(target);
        await Relay(
            stream,
            address.Host,
            address.Port,
            [],
            Encoding.Latin1.GetBytes(head.ToString().Replace(target, address.PathAndQuery, StringComparison.Ordinal))
        );
    }

    private async Task ServeSocks(Stream stream)
    {
        var methods = await Read(stream, (await Read(stream, 2))[1]);
        var user = "";
        if (_login is var (name, password))
        {
            const byte userAndPassword = 2,
                none = 0xff;
            await stream.WriteAsync(
                (byte[])[5, methods.Contains(userAndPassword) ? userAndPassword : none],
                _end.Token
            );
            if (!methods.Contains(userAndPassword))
                return;
            await Read(stream, 1);
            user = $"{await Text(stream)}:{await Text(stream)}";
            await stream.WriteAsync((byte[])[1, user == $"{name}:{password}" ? (byte)0 : (byte)1], _end.Token);
            if (user != $"{name}:{password}")
                return;
        }
        else
        {
            await stream.WriteAsync((byte[])[5, 0], _end.Token);
        }

        var type = (await Read(stream, 4))[3];
        var host = type == 3 ? await Text(stream) : new IPAddress(await Read(stream, type == 1 ? 4 : 16)).ToString();
        var port = await Read(stream, 2);
        _asked.Enqueue($"{user} {host}:{(port[0] << 8) | port[1]}".Trim());
        if (_answer is not null)
            await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer), _end.Token);
        else
            await Relay(stream, host, (port[0] << 8) | port[1], [5, 0, 0, 1, 0, 0, 0, 0, 0, 0], []);
    }

    private async Task Relay(Stream stream, string host, int port, byte[] toClient, byte[] toServer)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(host, port, _end.Token);
        await stream.WriteAsync(toClient, _end.Token);
        await server.GetStream().WriteAsync(toServer, _end.Token);
        await Task.WhenAny(
            stream.CopyToAsync(server.GetStream(), _end.Token),
            server.GetStream().CopyToAsync(stream, _end.Token)
        );
    }

    private async Task<string> Text(Stream stream) =>
        Encoding.UTF8.GetString(await Read(stream, (await Read(stream, 1))[0]));

    private async Task<byte[]> Read(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _end.Token);
        return bytes;
    }
}
