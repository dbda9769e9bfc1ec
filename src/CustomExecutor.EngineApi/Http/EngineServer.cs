using System.Net.Sockets;
using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Registry;
using CustomExecutor.EngineApi.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CustomExecutor.EngineApi.Http;

/// <summary>Serves the API on a unix socket until it is told to end.</summary>
internal sealed class EngineServer(ImageStore store, RegistryHosts hosts, string version, ServerLog log)
{
    /// <summary>
    /// Of a unix socket whose backlog is full, clients are told "Resource temporarily unavailable". The kernel's own
    /// limit is 4096.
    /// </summary>
    private const int Backlog = 4096;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <param name="socket">Where and to whom.</param>
    public async Task Run(EngineSocket socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(options => options.Backlog = Backlog);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Farewell);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.ListenUnixSocket(
                socket.Path,
                listen =>
                {
                    if (socket.IsForOwnSandbox)
                        OwnSandbox.Require(listen);
                }
            );
        });
        await using var app = builder.Build();
        var endpoints = new ApiEndpoints(store, hosts, version);
        app.Run(context => Answer(context, endpoints, app.Lifetime.ApplicationStopping));
        RemoveStale(socket.Path);
        // Before the socket goes: who reads it then does not connect in vain.
        app.Lifetime.ApplicationStopping.Register(() => socket.PidFile?.Remove());
        await app.StartAsync();
        File.SetUnixFileMode(socket.Path, socket.Mode);
        socket.PidFile?.Write();
        log.Write($"listening on {socket.Path}");
        await app.WaitForShutdownAsync();
        log.Write("ended");
    }

    private async Task Answer(HttpContext context, ApiEndpoints endpoints, CancellationToken stopping)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.RequestAborted = cancellation.Token;
        var headers = context.Response.Headers;
        headers["Api-Version"] = SessionEndpoints.ApiVersion;
        headers["Ostype"] = "linux";
        headers.Server = $"custom-executor/{version}";
        var request = ApiRequest.Of(context);
        try
        {
            await endpoints.Answer(request);
        }
        catch (EngineException e)
        {
            await Fail(request, e);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = 503;
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            await Fail(request, new EngineException(e.StatusCode, e.Message));
        }
        catch (Exception e)
        {
            log.Write($"internal error in {request.Method} /{DisplayText.Of(request.Path)}: {e}");
            await Fail(request, new EngineException(500, $"internal error: {DisplayText.Of(e.Message)}"));
        }
    }

    private async Task Fail(ApiRequest request, EngineException error)
    {
        log.Write(
            $"{request.Method} /{DisplayText.Of(request.Path)}: {error.Status} {DisplayText.Of(error.Message, 500)}"
        );
        // A body that is cut off is an error to every client; one that only ends is not.
        if (request.Context.Response.HasStarted)
            request.Context.Abort();
        else
            await Answers.Error(request, error);
    }

    private static void RemoveStale(string socket)
    {
        if (!File.Exists(socket))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socket));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(socket);
        }
    }
}
