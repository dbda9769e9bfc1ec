using System.Net.WebSockets;
using k8s;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>
/// Makes the client library's calls over the driver's own connections. The library's own handler is never used, because
/// its certificate check ignores the name.
/// </summary>
internal sealed class ClusterClient : k8s.Kubernetes
{
    private readonly HttpMessageInvoker _connections;

    /// <param name="server">The API server's address.</param>
    /// <param name="handler">Sends the requests. This client disposes of it.</param>
    /// <param name="clock">The server's clock, which <paramref name="handler"/> updates.</param>
    /// <param name="callTimeout">The timeout of one call.</param>
    public ClusterClient(Uri server, HttpMessageHandler handler, ClusterClock clock, TimeSpan callTimeout)
        : base(new KubernetesClientConfiguration { Host = server.AbsoluteUri, HttpClientTimeout = callTimeout })
    {
        Clock = clock;
        _connections = new HttpMessageInvoker(handler);
        HttpClient.Dispose();
        HttpClient = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The API server's clock.</summary>
    public ClusterClock Clock { get; }

    /// <summary>
    /// Opens a WebSocket with the same checks and credentials as a call. The library's WebSockets have neither.
    /// </summary>
    /// <param name="path">Path and query, relative to the server's address.</param>
    /// <param name="subProtocol">The subprotocol to negotiate.</param>
    /// <param name="cancel">Cancels the opening.</param>
    public async Task<WebSocket> OpenWebSocket(string path, string subProtocol, CancellationToken cancel)
    {
        var address = new UriBuilder(new Uri(BaseUri, path));
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(subProtocol);
            await socket.ConnectAsync(address.Uri, _connections, cancel);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _connections.Dispose();
    }
}
