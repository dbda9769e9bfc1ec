using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CustomExecutor.EngineApi.Tests.Session;

/// <summary>
/// Images that are moved by requests as clients send them that the tests don't have: the docker command line 28 and 29
/// (<c>client/</c> in moby) and docker's Python package (<c>docker/api/image.py</c>).
/// </summary>
public sealed class ClientTransferSpecs
{
    private static readonly TestImage Image = TestImage.With("requests");

    [Theory]
    [InlineData("v1.51/images/load?quiet=0", true, false)]
    [InlineData("v1.51/images/load?quiet=1", true, true)]
    [InlineData("v1.45/images/load", false, false)]
    [InlineData("images/load", false, true)]
    public async Task An_archive_comes_in_chunks_or_whole_at_once_or_after_100_continue(
        string path,
        bool isChunked,
        bool waitsForContinue
    )
    {
        using var engine = await Engine.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(Image.Archive("app:1"));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = waitsForContinue;

        (await Lines(engine, request)).Should().ContainSingle().Which["stream"]!
            .GetValue<string>()
            .Should()
            .Contain("Loaded image: app:1");
    }

    [Theory]
    [InlineData("v1.51/images/create?fromImage=REGISTRY%2Fa&tag=1&platform=linux%2Famd64", "e30=")]
    [InlineData("v1.47/images/create?fromImage=REGISTRY%2Fa&tag=DIGEST", "e30=")]
    [InlineData("v1.45/images/create?tag=1&fromImage=REGISTRY%2Fa", null)]
    [InlineData("images/create?fromImage=REGISTRY/a:1", null)]
    [InlineData("v1.24/images/create?fromImage=REGISTRY%2Fa&tag=1&repo=&fromSrc=", "")]
    public async Task A_pull_names_its_image_in_the_query(string path, string? login)
    {
        using var registry = await RealRegistry.Start();
        await registry.Put("a", "1", Image);
        using var engine = await Engine.Start();
        var url = path.Replace("REGISTRY", registry.Address, StringComparison.Ordinal)
            .Replace("DIGEST", Image.ManifestDigest, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        if (login is not null)
            request.Headers.TryAddWithoutValidation("X-Registry-Auth", login);

        var lines = await Lines(engine, request);

        lines.Should().OnlyContain(line => line["error"] == null);
        lines[^1]["status"]!.GetValue<string>().Should().StartWith("Status: Downloaded newer image for ");
        (await engine.Get("images/json")).AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_pull_without_a_tag_would_be_one_of_every_tag_and_is_refused()
    {
        using var engine = await Engine.Start();

        using var response = await engine.Client.PostAsync(
            "v1.45/images/create?fromImage=127.0.0.1:1%2Fa&tag=",
            null,
            TestContext.Current.CancellationToken
        );

        response.StatusCode.Should().Be(HttpStatusCode.NotImplemented);
        (await Engine.MessageOf(response)).Should().Contain("Pull each tag by its name");
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("null", "")]
    [InlineData("{}", "&platform=%7B%22architecture%22%3A%22amd64%22%2C%22os%22%3A%22linux%22%7D")]
    public async Task A_push_has_a_body_that_says_nothing(string body, string platform)
    {
        using var registry = await RealRegistry.Start();
        using var engine = await Loaded($"{registry.Address}/a:1");
        using var request = Push($"v1.51/images/{registry.Address}/a/push?tag=1{platform}", body);

        var lines = await Lines(engine, request);

        lines[^1]["aux"]!["Digest"]!.GetValue<string>().Should().Be(Image.ManifestDigest);
        (await registry.Manifest("a", "1")).Digest.Should().Be(Image.ManifestDigest);
    }

    [Theory]
    [InlineData("{\"architecture\":\"arm64\",\"os\":\"linux\"}", 404, "its platform (linux/amd64) does not match")]
    [InlineData("linux/arm64", 400, "invalid platform")]
    [InlineData("null", 400, "invalid platform")]
    public async Task A_push_of_another_platform_than_the_images_is_refused(string platform, int status, string message)
    {
        using var engine = await Loaded("127.0.0.1:1/a:1");
        var query = $"?tag=1&platform={Uri.EscapeDataString(platform)}";
        using var request = Push($"v1.46/images/127.0.0.1:1/a/push{query}", "{}");

        using var response = await engine.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).Should().Be(status);
        (await Engine.MessageOf(response)).Should().Contain(message);
    }

    private static async Task<Engine> Loaded(string name)
    {
        var engine = await Engine.Start();
        using var response = await engine.Load(Image.Archive(name));
        response.EnsureSuccessStatusCode();
        return engine;
    }

    private static HttpRequestMessage Push(string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Registry-Auth", "e30=");
        return request;
    }

    private static async Task<List<JsonNode>> Lines(Engine engine, HttpRequestMessage request)
    {
        using var response = await engine.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.Should().Be(HttpStatusCode.OK, text);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
