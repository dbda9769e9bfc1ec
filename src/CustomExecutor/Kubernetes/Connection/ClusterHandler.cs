using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Host;
using CustomExecutor.Kubernetes.Credentials;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>
/// Sends every request to the API server with the kubeconfig's credentials and impersonation, over a connection with
/// the same client certificate. After a 401, it repeats the request once with new credentials.
/// </summary>
internal sealed class ClusterHandler(
    ConnectionRoute route,
    IClusterCredentials credentials,
    ServerTrust trust,
    ClusterClock clock,
    TimeProvider time
) : HttpMessageHandler
{
    /// <summary>
    /// A connection without data for this time, and then without a ping reply for the same time, is dead: all its calls
    /// fail, and later ones use a new connection.
    /// </summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<HttpMessageInvoker> _connections = [];
    private string? _thumbprint;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var credential = await credentials.Get(cancellationToken);
        var response = await Send(request, credential, cancellationToken);
        if (
            response.StatusCode != HttpStatusCode.Unauthorized
            || !await credentials.Renew(credential, cancellationToken)
        )
        {
            return await Safe(response, credential);
        }

        response.Dispose();
        credential = await credentials.Get(cancellationToken);
        return await Safe(await Send(request, credential, cancellationToken), credential);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var connection in _connections)
                connection.Dispose();
            credentials.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> Send(
        HttpRequestMessage request,
        ClusterCredential credential,
        CancellationToken cancel
    )
    {
        request.Headers.Authorization = credential.Authorization;
        request.Headers.Remove("User-Agent");
        request.Headers.TryAddWithoutValidation("User-Agent", $"custom-executor/{DriverVersion.Text}");
        Impersonate(request);
        try
        {
            var response = await For(credential.Certificate).SendAsync(request, cancel);
            clock.Note(response.Headers.Date);
            return response;
        }
        catch (OperationCanceledException e)
        {
            throw new UnansweredException(route, e, cancel);
        }
        catch (HttpRequestException e) when (e.InnerException is not ConnectionException)
        {
            throw new BrokenConnectionException(route, e);
        }
    }

    private void Impersonate(HttpRequestMessage request)
    {
        if (route.Connection.User.Impersonate is not { } impersonation)
            return;
        foreach (var header in ImpersonationHeaders.Of(impersonation).GroupBy(h => h.Name, h => h.Value))
        {
            var values = header.ToList();
            request.Headers.Remove(header.Key);
            // A request without one of these headers would act as another user, so an invalid one is an error. .NET
            // does not check headers for line breaks.
            if (
                !values.TrueForAll(RepeatedHeader.IsValue)
                || !request.Headers.TryAddWithoutValidation(header.Key, RepeatedHeader.Join(values))
            )
            {
                throw new DriverException(
                    $"{header.Key} cannot be sent: its value in {route.Connection.Origin} contains a line break."
                );
            }

            if (values.Count > 1)
            {
                (request.Version, request.VersionPolicy) = (
                    HttpVersion.Version11,
                    HttpVersionPolicy.RequestVersionExact
                );
            }
        }
    }

    /// <summary>
    /// The connections with this client certificate. Older ones stay open for answers that are still being read.
    /// </summary>
    private HttpMessageInvoker For(X509Certificate2Collection? certificate)
    {
        lock (_lock)
        {
            var thumbprint = certificate?[0].Thumbprint;
            if (_connections.Count > 0 && thumbprint == _thumbprint)
                return _connections[^1];
            _thumbprint = thumbprint;
            _connections.Add(new HttpMessageInvoker(Open(certificate)));
            return _connections[^1];
        }
    }

    private SocketsHttpHandler Open(X509Certificate2Collection? certificate)
    {
        // Offline: the chain comes only from the configuration.
        var client = certificate is null
            ? null
            : SslStreamCertificateContext.Create(certificate[0], [.. certificate.Skip(1)], offline: true);
        var noTunnel = ServerDialer.HasNoTunnel(route);
        return new SocketsHttpHandler
        {
            ConnectCallback = new ServerDialer(route, trust, client, time).Connect,
            ConnectTimeout = Timeout.InfiniteTimeSpan, // The dialer has its own.
            UseProxy = noTunnel,
            Proxy = noTunnel ? PlainProxy() : null,
            // A redirect would send the credentials elsewhere, and the API server never redirects.
            AllowAutoRedirect = false,
            UseCookies = false,
            // UTF-8, as in Go: user names may have other characters than ASCII.
            RequestHeaderEncodingSelector = (name, _) =>
                name.StartsWith("Impersonate-", StringComparison.Ordinal) ? new RepeatedHeader(name) : Encoding.UTF8,
            AutomaticDecompression = route.Connection.DisableCompression
                ? DecompressionMethods.None
                : DecompressionMethods.GZip,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = KeepAlive,
            KeepAlivePingTimeout = KeepAlive,
        };
    }

    private WebProxy PlainProxy()
    {
        var proxy = route.Proxy!;
        return new WebProxy(new UriBuilder("http", proxy.Host, proxy.Port).Uri)
        {
            Credentials = proxy.Credentials is var (user, password) ? new NetworkCredential(user, password) : null,
        };
    }

    /// <summary>The text of a refusal is shown to people, and may quote the request, so secrets are masked.</summary>
    private static Task<HttpResponseMessage> Safe(HttpResponseMessage response, ClusterCredential credential) =>
        response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.SwitchingProtocols
            ? Task.FromResult(response)
            : Refusal.Masked(response, credential);
}
