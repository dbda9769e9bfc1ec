using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CustomExecutor.Testing.Servers;

/// <summary>Kestrel on a free port of this machine, without its log; it is stopped at once, whatever is open.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LocalServer(WebApplication application, int port) => (_application, Port) = (application, port);

    public int Port { get; }

    /// <param name="serve">Answers a request.</param>
    /// <param name="listen">How it listens, such as by which TLS.</param>
    /// <param name="address">Where; the loopback address if null.</param>
    public static async Task<LocalServer> Start(
        RequestDelegate serve,
        Action<ListenOptions> listen,
        IPAddress? address = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(address ?? IPAddress.Loopback, 0, listen));
        var application = builder.Build();
        application.UseWebSockets();
        application.Run(serve);
        await application.StartAsync();
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new LocalServer(application, new Uri(addresses.Addresses.Single()).Port);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
