using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>An HTTP server of a test.</summary>
internal static class LoopbackServer
{
    public static WebApplication Create(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(
                IPAddress.Loopback,
                0,
                endpoint =>
                {
                    if (certificate is not null)
                    {
                        endpoint.UseHttps(certificate);
                    }
                }
            );
        });
        var app = builder.Build();
        app.Run(answer);
        return app;
    }

    /// <summary>The same on a unix socket.</summary>
    public static WebApplication CreateOn(string socket, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenUnixSocket(socket));
        var app = builder.Build();
        app.Run(answer);
        return app;
    }

    public static string AddressOf(WebApplication app) => app.Urls.First();
}
