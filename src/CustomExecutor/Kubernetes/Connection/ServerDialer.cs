using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>
/// Opens one connection to the API server: TCP, the proxy, TLS. .NET's HTTP handler could do each, but uses the header
/// Host as the server's TLS name, sends a proxy's credentials only on request, and does not report what failed.
/// </summary>
internal sealed class ServerDialer(
    ConnectionRoute route,
    ServerTrust trust,
    SslStreamCertificateContext? client,
    TimeProvider time
)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Set after the server has chosen HTTP/1.1. .NET's handler then expects nothing else.</summary>
    private volatile bool _noHttp2;

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(ConnectTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            var stream = await Reach(context.DnsEndPoint, bound.Token);
            return route.Connection.Server.Scheme == Uri.UriSchemeHttps
                ? await Secure(stream, context.InitialRequestMessage.Version.Major >= 2, bound.Token)
                : stream;
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new ConnectionException(
                route,
                new ConnectionFault(ConnectionFaultKind.Timeout, $"{ConnectTimeout.TotalSeconds:0} s"),
                e
            );
        }
    }

    /// <summary>Opens a stream to the server.</summary>
    private async Task<Stream> Reach(DnsEndPoint server, CancellationToken cancel)
    {
        // Plain HTTP through an HTTP proxy has no tunnel: the handler sends absolute URLs, and the end point is the
        // proxy's.
        if (route.Proxy is not { } proxy || HasNoTunnel(route))
            return await Open(server.Host, server.Port, atProxy: route.Proxy is not null, cancel);
        var stream = await Open(proxy.Host, proxy.Port, atProxy: true, cancel);
        try
        {
            if (proxy.IsTls)
                stream = await SecureProxy(stream, proxy.Host, cancel);
            if (proxy.IsSocks)
                await SocksHandshake.Connect(stream, proxy, server.Host, server.Port, cancel);
            else
                await ProxyHandshake.Connect(stream, proxy, $"{Bracketed(server.Host)}:{server.Port}", cancel);
            return stream;
        }
        catch (Exception e) when (e is ProxyException or IOException)
        {
            await stream.DisposeAsync();
            throw new ConnectionException(
                route,
                (e as ProxyException)?.Fault
                    ?? new ConnectionFault(ConnectionFaultKind.ProxyProtocol, "it closed the connection"),
                e
            );
        }
        catch (Exception)
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether requests go through a proxy without a tunnel.</summary>
    public static bool HasNoTunnel(ConnectionRoute route) =>
        route is { Proxy.Address.Scheme: "http" } && route.Connection.Server.Scheme == Uri.UriSchemeHttp;

    private async Task<Stream> Open(string host, int port, bool atProxy, CancellationToken cancel)
    {
        try
        {
            return new NetworkStream(await AddressRace.Connect(host, port, time, cancel), ownsSocket: true);
        }
        catch (SocketException e)
        {
            throw new ConnectionException(route, NetworkFault(e) with { AtProxy = atProxy }, e);
        }
    }

    /// <summary>Opens the TLS connection to the server, with the name that its certificate must have.</summary>
    private async Task<Stream> Secure(Stream stream, bool http2, CancellationToken cancel)
    {
        var tls = await Secure(
            stream,
            route.Connection.TlsServerName ?? route.Connection.Server.IdnHost,
            http2 && !_noHttp2,
            atProxy: false,
            cancel
        );
        if (http2 && tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            _noHttp2 = true;
        return tls;
    }

    /// <summary>
    /// Opens the TLS connection to a proxy. Go uses the cluster's TLS configuration for it, so a kubeconfig that works
    /// with kubectl also contains the proxy's CA, and tls-server-name applies to both.
    /// </summary>
    private async Task<Stream> SecureProxy(Stream stream, string host, CancellationToken cancel) =>
        await Secure(stream, route.Connection.TlsServerName ?? host, http2: false, atProxy: true, cancel);

    private async Task<SslStream> Secure(Stream stream, string name, bool http2, bool atProxy, CancellationToken cancel)
    {
        name = name.Split('%')[0].TrimEnd('.');
        var diagnosis = new CertificateDiagnosis(trust, name, time);
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name, // It is sent to the server (SNI) unless it is an address.
                    CertificateChainPolicy = trust.Policy(),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                        diagnosis.Accept(certificate, chain, errors),
                    ClientCertificateContext = client,
                    ApplicationProtocols = http2
                        ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
                        : [SslApplicationProtocol.Http11],
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    AllowRenegotiation = false,
                },
                cancel
            );
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await tls.DisposeAsync();
            throw new ConnectionException(route, (diagnosis.Fault ?? TlsFault(e)) with { AtProxy = atProxy }, e);
        }
        catch (Exception)
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static ConnectionFault TlsFault(Exception e) =>
        e switch
        {
            // .NET did not recognize the answer as TLS. Errors of OpenSSL or the other side have an inner exception.
            AuthenticationException { InnerException: null } => new ConnectionFault(ConnectionFaultKind.NotTls),
            IOException { InnerException: null } => new ConnectionFault(
                ConnectionFaultKind.Handshake,
                "the other side closed the connection"
            ),
            _ => new ConnectionFault(ConnectionFaultKind.Handshake, DisplayText.Of(e.GetBaseException().Message)),
        };

    private static ConnectionFault NetworkFault(SocketException e) =>
        e.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => new ConnectionFault(ConnectionFaultKind.Refused),
            SocketError.HostNotFound or SocketError.NoData => new ConnectionFault(ConnectionFaultKind.UnknownName),
            SocketError.TryAgain => new ConnectionFault(ConnectionFaultKind.NameServer),
            SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressNotAvailable =>
                new ConnectionFault(ConnectionFaultKind.NoRoute),
            _ => new ConnectionFault(ConnectionFaultKind.Network, DisplayText.Of(e.Message)),
        };

    /// <summary>.NET's end point may already have the brackets of an IPv6 address.</summary>
    private static string Bracketed(string host) =>
        host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;
}
