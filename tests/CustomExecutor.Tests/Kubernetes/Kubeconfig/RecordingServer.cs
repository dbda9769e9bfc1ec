using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using CustomExecutor.Testing.Servers;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>An API server of a few answers that notes as whom and under which name it was asked.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly string _name;
    private readonly ConcurrentQueue<string> _record;
    private LocalServer _server = null!;

    private RecordingServer(string name, ConcurrentQueue<string> record) => (_name, _record) = (name, record);

    public int Port => _server.Port;

    /// <param name="name">The certificate of <see cref="Pki"/>; <c>plain</c> for a server without TLS.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="record">Gets a line for each request.</param>
    public static async Task<RecordingServer> Start(string name, IPAddress address, ConcurrentQueue<string> record)
    {
        var server = new RecordingServer(name, record);
        server._server = await LocalServer.Start(
            server.Answer,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (name != "plain")
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = Tls(name) });
            },
            address
        );
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Func<TlsHandshakeCallbackContext, ValueTask<SslServerAuthenticationOptions>> Tls(string name)
    {
        var (certificate, chain) = Pki.Server(name);
        var context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return _ =>
            ValueTask.FromResult(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = context,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    ClientCertificateRequired = true, // it is asked for; the callback lets in who has none
#pragma warning disable CA5359 // It is a server: whoever comes is let in and noted.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                }
            );
    }

    private async Task Answer(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value ?? "");
        var prefix = path.IndexOf("/api", StringComparison.Ordinal) is >= 0 and var at ? path[..at] : path;
        var authorization = request.Headers.Authorization.ToString();
        _record.Enqueue(
            string.Join(
                ' ',
                (string[])
                    [
                        $"server {_name}{prefix}",
                        $"sni={context.Features.Get<ITlsHandshakeFeature>()?.HostName?.ToLowerInvariant()}",
                        $"certificate=[{context.Connection.ClientCertificate?.Subject}]",
                        $"authorization=[{authorization}]",
                        .. request
                            .Headers.Where(h => h.Key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
                            .OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase)
                            .Select(h => $"{h.Key.ToLowerInvariant()}=[{string.Join('|', h.Value.ToArray())}]"),
                    ]
            )
        );
        context.Response.StatusCode = authorization.Contains("stale", StringComparison.Ordinal) ? 401 : 200;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            context.Response.StatusCode == 401
                ? """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"""
                : path[prefix.Length..] switch
                {
                    "/api" => """{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[]}""",
                    "/api/v1" => """{"kind":"APIResourceList","groupVersion":"v1","resources":[]}""",
                    "/apis" => """{"kind":"APIGroupList","apiVersion":"v1","groups":[]}""",
                    _ => """{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""",
                }
        );
    }
}
