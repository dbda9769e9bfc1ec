using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using CustomExecutor.Kubernetes.Connection;
using k8s.Autorest;

namespace CustomExecutor.Kubernetes.Exec;

/// <summary>
/// The WebSocket handshake of an exec (RFC 6455, section 4). .NET's own client drops the body of a refusal, and that
/// tells a container that is gone from a server that is in trouble.
/// </summary>
internal static class ExecHandshake
{
    /// <summary>Kubernetes 1.30 and later speak v5; older servers choose v4, which differs in what is not needed
    /// here.</summary>
    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    /// <summary>So often something goes to the server, also while a script is silent: a load balancer may cut what is
    /// idle for a minute.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>Opens the WebSocket.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="path">Path and query behind the server's address.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="HttpOperationException">The server refuses, and says why.</exception>
    public static async Task<WebSocket> Open(ClusterClient client, string path, CancellationToken cancel)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", key);
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", string.Join(", ", Protocols));
        var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        try
        {
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
                throw await Refused(response, cancel);
            var protocol = One(response, "Sec-WebSocket-Protocol");
            if (One(response, "Sec-WebSocket-Accept") != AcceptOf(key) || !Protocols.Contains(protocol))
                throw new GarbledAnswerException("it agrees to a WebSocket, but not to an exec's protocol");
            return WebSocket.CreateFromStream(
                await response.Content.ReadAsStreamAsync(cancel),
                new WebSocketCreationOptions { SubProtocol = protocol, KeepAliveInterval = KeepAlive }
            );
        }
        catch (Exception)
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<HttpOperationException> Refused(HttpResponseMessage response, CancellationToken cancel) =>
        new() { Response = new HttpResponseMessageWrapper(response, await response.Content.ReadAsStringAsync(cancel)) };

    private static string? One(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? string.Join(", ", values) : null;

    /// <summary>RFC 6455 asks for SHA-1 here; it protects nothing.</summary>
#pragma warning disable CA5350
    private static string AcceptOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes($"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
