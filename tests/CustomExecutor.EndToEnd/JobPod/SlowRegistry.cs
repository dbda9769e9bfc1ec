using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CustomExecutor.Testing.Servers;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>A registry with one image, which no node has and whose blobs it keeps back until it is told to send
/// them.</summary>
internal sealed class SlowRegistry : IAsyncDisposable
{
    private const string Repository = "slow";

    private const string ManifestTypes =
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

    private readonly HttpClient _origin = new() { BaseAddress = new Uri($"http://{Node.Registry}") };
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _marker = $"{Guid.NewGuid():N}";
    private readonly string _baseRepository = Node.BaseImage[(Node.Registry.Length + 1)..].Split(':')[0];
    private byte[] _config = [];
    private byte[] _manifest = [];
    private string _type = "";
    private LocalServer _server = null!;

    /// <summary>HOST:PORT.</summary>
    public string Address => $"{Host}:{_server.Port}";

    /// <summary>The image: the node's base image with <see cref="Marker"/> as the variable <c>MARKER</c>.</summary>
    public string Image => $"{Address}/{Repository}:1";

    public string Marker => _marker;

    private static string Host => Node.Registry.Split(':')[0];

    public static async Task<SlowRegistry> Start()
    {
        var registry = new SlowRegistry();
        await registry.MakeImage();
        registry._server = await LocalServer.Start(registry.Serve, _ => { }, IPAddress.Parse(Host));
        return registry;
    }

    /// <summary>The node has begun to pull the image.</summary>
    public Task IsAsked() => Eventually.True(() => _asked.Task.IsCompleted, "the node asks for the image's blobs");

    /// <summary>Sends what it kept back, and from now on everything.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _server.DisposeAsync();
        _origin.Dispose();
    }

    private async Task MakeImage()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/v2/{_baseRepository}/manifests/{Node.BaseImage.Split(':')[^1]}"
        );
        request.Headers.TryAddWithoutValidation("Accept", ManifestTypes);
        using var answer = await _origin.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        _type = answer.Content.Headers.ContentType!.MediaType!;
        var manifest = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var described = manifest["config"]!;
        var config = JsonNode.Parse(await _origin.GetStringAsync(PathOf($"{described["digest"]}")))!;
        config["config"]!["Env"] = new JsonArray("PATH=/bin:/usr/bin:/sbin:/usr/sbin", $"MARKER={_marker}");
        _config = Bytes(config);
        (described["digest"], described["size"]) = (DigestOf(_config), _config.Length);
        _manifest = Bytes(manifest);
    }

    private async Task Serve(HttpContext context)
    {
        var (path, response) = (context.Request.Path.Value!, context.Response);
        if (path == "/v2/")
            return;
        if (path is $"/v2/{Repository}/manifests/1" || path == $"/v2/{Repository}/manifests/{DigestOf(_manifest)}")
        {
            response.ContentType = _type;
            response.Headers["Docker-Content-Digest"] = DigestOf(_manifest);
            await Send(context, _manifest);
            return;
        }

        if (!path.StartsWith($"/v2/{Repository}/blobs/", StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        _asked.TrySetResult();
        await _released.Task.WaitAsync(context.RequestAborted);
        var digest = path.Split('/')[^1];
        response.ContentType = "application/octet-stream";
        await Send(context, digest == DigestOf(_config) ? _config : await _origin.GetByteArrayAsync(PathOf(digest)));
    }

    private static async Task Send(HttpContext context, byte[] bytes)
    {
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private Uri PathOf(string digest) => new($"/v2/{_baseRepository}/blobs/{digest}", UriKind.Relative);

    private static byte[] Bytes(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
