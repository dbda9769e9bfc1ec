using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.Testing.Servers;

/// <summary>A TLS server that takes any certificate (Kestrel refuses one that is not a server's) and closes each
/// connection after the handshake.</summary>
internal sealed class RawTlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Task _serving = Task.CompletedTask;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static RawTlsServer Start(X509Certificate2 certificate)
    {
        var server = new RawTlsServer();
        server._listener.Start();
        server._serving = server.Serve(certificate);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task Serve(X509Certificate2 certificate)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(certificate).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or AuthenticationException)
        {
            // Closed; between two clients a listener says that it does not listen.
        }
    }
}
