using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>Debian's docker-registry on a loopback port, with a directory of its own.</summary>
internal sealed class RealRegistry : IDisposable
{
    /// <summary>The bcrypt hash of <see cref="Login"/>'s password.</summary>
    private const string PasswordHash = "$2b$05$abcdefghijklmnopqrstuuglZlSKrGyz/9hohY9NHnjZbhMP.rtAC";

    private readonly TemporaryDirectory _files = new();
    private readonly ServedProcess _process;
    private readonly HttpClient _client = new();

    private RealRegistry(Func<TemporaryDirectory, string> auth)
    {
        var configuration = _files.Write(
            "registry.yml",
            $$$"""
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: {{{_files.Path}}}/data}, delete: {enabled: true}}
            http: {addr: "{{{Address}}}", secret: local}
            {{{auth(_files)}}}

            """
        );
        _process = new ServedProcess("docker-registry", ["serve", configuration]);
    }

    public static (string Username, string Password) Login => ("gitlab-ci-token", "glcbt-example-of-a-job-token");

    /// <summary>HOST:PORT.</summary>
    public string Address { get; } = $"127.0.0.1:{FreePort.On(IPAddress.Loopback)}";

    public static Task<RealRegistry> Start() => Start(_ => "");

    /// <summary>One that asks for a login by Basic.</summary>
    public static async Task<RealRegistry> StartWithPassword()
    {
        var registry = await Start(files =>
            $"auth: {{htpasswd: {{realm: spec, path: "
            + $"{files.Write("htpasswd", $"{Login.Username}:{PasswordHash}\n")}}}}}"
        );
        registry._client.DefaultRequestHeaders.Authorization = new(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Login.Username}:{Login.Password}"))
        );
        return registry;
    }

    /// <summary>One that asks for tokens of a service.</summary>
    public static Task<RealRegistry> StartWithTokens(TokenServer tokens) =>
        Start(files =>
            $"auth: {{token: {{realm: \"{tokens.Realm}\", service: spec, issuer: spec, rootcertbundle: "
            + $"{files.Write("ca.pem", tokens.Certificate)}}}}}"
        );

    /// <summary>A manifest's bytes, digest and type.</summary>
    public async Task<(byte[] Bytes, string Digest, string Type)> Manifest(string repository, string reference)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"http://{Address}/v2/{repository}/manifests/{reference}"
        );
        foreach (var type in Manifests.MediaTypes.Manifests)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return (
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            response.Headers.GetValues("Docker-Content-Digest").Single(),
            response.Content.Headers.ContentType!.MediaType!
        );
    }

    public Task<byte[]> Blob(string repository, string digest) =>
        _client.GetByteArrayAsync(
            new Uri($"http://{Address}/v2/{repository}/blobs/{digest}"),
            TestContext.Current.CancellationToken
        );

    /// <summary>Puts content straight into it, without the program.</summary>
    public async Task Put(string repository, string? tag, TestImage image, string? index = null)
    {
        foreach (var blob in image.Blobs.Values)
        {
            using var begin = await _client.PostAsync(
                new Uri($"http://{Address}/v2/{repository}/blobs/uploads/"),
                null,
                TestContext.Current.CancellationToken
            );
            var location = $"{begin.Headers.Location}&digest={TestImage.DigestOf(blob)}";
            using var end = await _client.PutAsync(
                new Uri(location),
                new ByteArrayContent(blob),
                TestContext.Current.CancellationToken
            );
            end.StatusCode.Should().Be(HttpStatusCode.Created);
        }

        await PutManifest(repository, tag ?? image.ManifestDigest, image.Manifest, TestImage.ManifestType);
        if (index is not null)
            await PutManifest(repository, tag!, Encoding.UTF8.GetBytes(index), Manifests.MediaTypes.OciIndex);
    }

    public async Task PutManifest(string repository, string reference, byte[] manifest, string type)
    {
        var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new(type);
        using var response = await _client.PutAsync(
            new Uri($"http://{Address}/v2/{repository}/manifests/{reference}"),
            content,
            TestContext.Current.CancellationToken
        );
        response.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
        _files.Dispose();
    }

    private static async Task<RealRegistry> Start(Func<TemporaryDirectory, string> auth)
    {
        var registry = new RealRegistry(auth);
        await Eventually.True(registry.Answers, $"the registry answers: {registry._process.Log}");
        return registry;
    }

    private async Task<bool> Answers()
    {
        try
        {
            using var response = await _client.GetAsync(
                new Uri($"http://{Address}/v2/"),
                TestContext.Current.CancellationToken
            );
            return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
