using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>What a proxy does to one request.</summary>
internal sealed record Fault(int? Status = null, bool Cut = false, long? CutAnswerAfter = null);

/// <summary>A proxy before a registry that injects faults and notes the requests.</summary>
internal sealed class FaultyRegistry : IAsyncDisposable
{
    private readonly HttpClient _client = new();
    private readonly WebApplication _app;
    private readonly string _target;
    private readonly Func<HttpRequest, Fault?> _fault;

    private FaultyRegistry(string target, Func<HttpRequest, Fault?> fault, X509Certificate2? certificate)
    {
        (_target, _fault) = (target, fault);
        _app = LoopbackServer.Create(Answer, certificate);
    }

    /// <summary>METHOD /path, in the order of their arrival.</summary>
    public List<string> Requests { get; } = [];

    public string Address => new Uri(LoopbackServer.AddressOf(_app)).Authority;

    /// <param name="registry">The registry.</param>
    /// <param name="fault">What happens to a request.</param>
    /// <param name="certificate">With it the proxy speaks TLS.</param>
    public static async Task<FaultyRegistry> Before(
        RealRegistry registry,
        Func<HttpRequest, Fault?> fault,
        X509Certificate2? certificate = null
    )
    {
        var proxy = new FaultyRegistry(registry.Address, fault, certificate);
        await proxy._app.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        var source = context.Request;
        Fault? fault;
        lock (Requests)
        {
            Requests.Add($"{source.Method} {source.Path}");
            fault = _fault(source);
        }

        if (fault?.Cut == true)
        {
            await source.Body.ReadAtLeastAsync(new byte[1000], 1000, throwOnEndOfStream: false);
            context.Abort();
            return;
        }

        if (fault?.Status is { } status)
        {
            await source.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = status;
            return;
        }

        await Forward(context, fault?.CutAnswerAfter);
    }

    private async Task Forward(HttpContext context, long? cutAfter)
    {
        var source = context.Request;
        using var request = new HttpRequestMessage(
            new HttpMethod(source.Method),
            $"http://{_target}{source.Path}{source.QueryString}"
        );
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", source.Scheme);
        if (source.ContentLength is not null || source.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(source.Body);
        foreach (var (name, value) in source.Headers)
        {
            if (name.StartsWith("Content", StringComparison.Ordinal))
                request.Content?.Headers.TryAddWithoutValidation(name, value.ToArray());
            else
                request.Headers.TryAddWithoutValidation(name, value.ToArray());
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name != "Transfer-Encoding")
                context.Response.Headers.Append(name, values.ToArray());
        }

        await using var body = await response.Content.ReadAsStreamAsync();
        if (cutAfter is not { } bytes)
        {
            await body.CopyToAsync(context.Response.Body);
            return;
        }

        var part = new byte[bytes];
        await body.ReadExactlyAsync(part);
        await context.Response.Body.WriteAsync(part);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
