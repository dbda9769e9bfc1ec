using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CustomExecutor.Testing.Servers;

/// <summary>What a server has seen of one request.</summary>
internal sealed record SeenRequest(
    string Protocol,
    string Host,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    string? Client
);

/// <summary>A TLS server with any certificate, which answers like an API server's /version and remembers what it was
/// asked.</summary>
internal sealed class ConnectedServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<SeenRequest> _requests = new();
    private readonly ConcurrentQueue<string> _names = new();
    private LocalServer _server = null!;

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    /// <summary>The server names that the TLS clients sent; empty where none was sent.</summary>
    public IReadOnlyList<string> Names => [.. _names];

    public int Port => _server.Port;

    /// <summary>How long ago the answers claim to be.</summary>
    public TimeSpan DateBehind { get; set; }

    /// <summary>Answers in the place of /version; returns false to leave the answer to it.</summary>
    public Func<HttpContext, Task<bool>>? Answers { get; set; }

    /// <summary>A server on the loopback address; without a certificate it speaks plain HTTP.</summary>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="chain">What it sends behind the certificate.</param>
    /// <param name="address">Where it listens.</param>
    public static async Task<ConnectedServer> Start(
        X509Certificate2? certificate = null,
        X509Certificate2Collection? chain = null,
        IPAddress? address = null
    )
    {
        var server = new ConnectedServer();
        server._server = await LocalServer.Start(
            server.Serve,
            listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(tls => server.Authenticate(tls, certificate, chain));
            },
            address
        );
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Authenticate(
        HttpsConnectionAdapterOptions options,
        X509Certificate2 certificate,
        X509Certificate2Collection? chain
    )
    {
        options.ServerCertificateSelector = (_, name) =>
        {
            _names.Enqueue(name ?? "");
            return certificate;
        };
        if (chain is not null)
        {
            // A selected certificate is sent alone.
            options.OnAuthenticate = (_, tls) =>
                (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (
                    null,
                    SslStreamCertificateContext.Create(certificate, chain, offline: true)
                );
        }

        options.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        options.AllowAnyClientCertificate();
    }

    private async Task Serve(HttpContext context)
    {
        _requests.Enqueue(
            new SeenRequest(
                context.Request.Protocol,
                context.Request.Host.Value ?? "",
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(
                    h => h.Key,
                    h => h.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase
                ),
                (await context.Connection.GetClientCertificateAsync())?.Subject
            )
        );
        if (DateBehind != TimeSpan.Zero)
            context.Response.Headers.Date = (DateTimeOffset.UtcNow - DateBehind).ToString("R");
        if (Answers is { } answers && await answers(context))
            return;
        if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(
                context.WebSockets.WebSocketRequestedProtocols[0]
            );
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"major":"1","minor":"36","gitVersion":"v1.36.2"}""");
    }
}
