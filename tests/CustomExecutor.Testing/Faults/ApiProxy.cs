using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Servers;
using k8s;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.Testing.Faults;

/// <summary>
/// Stands before the real API server and lets requests meet faults. It ends TLS itself and hands the driver's own token
/// on: what the driver may do is for the server to say.
/// </summary>
internal sealed class ApiProxy : IAsyncDisposable
{
    private static readonly Lazy<HttpClient> Server = new(OpenServer);

    private readonly ConcurrentQueue<ApiCall> _calls = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    private LocalServer _server = null!;

    private ApiProxy(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    /// <summary>The faults, the first that matches counts.</summary>
    public IReadOnlyList<FaultRule> Rules { get; set; } = [];

    /// <summary>Called with each request before it is looked at.</summary>
    public Func<ApiCall, Task>? Meets { get; set; }

    /// <summary>How far the server's clock is ahead of this host's, by its answers' Date.</summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<ApiCall> Calls => [.. _calls];

    /// <summary>The TCP connections, which are a matter of their own.</summary>
    public TcpFront Front { get; private set; } = null!;

    public string Url => $"https://127.0.0.1:{Front.Port}";

    public static async Task<ApiProxy> Start()
    {
        var proxy = new ApiProxy(ProxyCertificate.Create());
        proxy._server = await LocalServer.Start(proxy.Serve, listen => listen.UseHttps(proxy.Certificate));
        proxy.Front = TcpFront.Start(proxy._server.Port);
        return proxy;
    }

    /// <summary>A kubeconfig that leads here with the token of another one.</summary>
    public string KubeconfigFrom(string kubeconfig) =>
        string.Join(
            '\n',
            kubeconfig
                .Split('\n')
                .Select(line =>
                    line.Trim() switch
                    {
                        var l when l.StartsWith("server:", StringComparison.Ordinal) => $"    server: {Url}",
                        var l when l.StartsWith("certificate-authority-data:", StringComparison.Ordinal) =>
                            "    certificate-authority-data: "
                                + $"{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Certificate.ExportCertificatePem() + "\n"))}",
                        _ => line,
                    }
                )
        );

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        await _server.DisposeAsync();
        Certificate.Dispose();
    }

    private static HttpClient OpenServer()
    {
        var admin = KubernetesClientConfiguration.BuildConfigFromConfigFile(TestCluster.Kubeconfig);
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.AddRange(admin.SslCaCerts);
        return new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
                EnableMultipleHttp2Connections = true,
            }
        )
        {
            BaseAddress = new Uri(admin.Host),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private async Task Serve(HttpContext context)
    {
        var kind = ApiCall.KindOf(context.Request);
        var call = new ApiCall(kind, _counts.AddOrUpdate(kind, 1, (_, before) => before + 1));
        call.Fault = Rules.FirstOrDefault(r => r.Matches(call))?.Fault;
        _calls.Enqueue(call);
        context.Response.OnStarting(() =>
        {
            // Kestrel's own Date is up to a second old, and gc compares it with the pods' times.
            context.Response.Headers.Date = (DateTimeOffset.UtcNow + ClockAhead).ToString("R");
            return Task.CompletedTask;
        });
        try
        {
            if (Meets is { } meets)
                await meets(call);
            await new ProxiedCall(context, call, Server.Value, Front.Reset).Run();
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort(); // The driver, or the server, is gone.
        }
    }
}
