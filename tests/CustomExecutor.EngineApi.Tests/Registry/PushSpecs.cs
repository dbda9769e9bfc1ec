using CustomExecutor.Testing.Servers;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.EngineApi.Tests.Registry;

/// <summary><c>docker push</c> to a real registry: what arrives is what was loaded.</summary>
public sealed class PushSpecs
{
    private static readonly TestImage Image = TestImage.With("one");

    [Fact]
    public async Task Manifest_config_and_layers_arrive_bit_for_bit_and_the_digest_printed_is_the_registrys()
    {
        using var registry = await RealRegistry.Start();
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{registry.Address}/group/app:1.0"));

        var printed = await docker.Output("push", $"{registry.Address}/group/app:1.0");

        var stored = await registry.Manifest("group/app", "1.0");
        stored.Bytes.Should().Equal(Image.Manifest);
        stored.Type.Should().Be(TestImage.ManifestType);
        printed.Should().EndWith($"1.0: digest: {stored.Digest} size: {Image.Manifest.Length}");
        foreach (var (digest, content) in Image.Blobs)
            (await registry.Blob("group/app", digest)).Should().Equal(content);
        (await docker.Output("inspect", "--format", "{{.RepoDigests}}", $"{registry.Address}/group/app:1.0"))
            .Should()
            .Be($"[{registry.Address}/group/app@{stored.Digest}]");
    }

    [Fact]
    public async Task A_classic_image_arrives_with_layers_that_give_the_diff_ids()
    {
        using var registry = await RealRegistry.Start();
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.ClassicArchive($"{registry.Address}/a:1"));

        await docker.Output("push", $"{registry.Address}/a:1");

        var manifest = Manifests.ImageManifest.Parse((await registry.Manifest("a", "1")).Bytes, "manifest");
        (await registry.Blob("a", manifest.Config!.Digest.ToString())).Should().Equal(Image.Config);
        foreach (var (layer, plain) in manifest.Layers!.Zip(Image.Plain))
            Unzip(await registry.Blob("a", layer.Digest.ToString())).Should().Equal(plain);
    }

    [Fact]
    public async Task All_tags_of_a_repository_are_pushed_when_asked_for()
    {
        using var registry = await RealRegistry.Start();
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{registry.Address}/a:1", $"{registry.Address}/a:2"));

        await docker.Output("push", "--all-tags", $"{registry.Address}/a");

        (await registry.Manifest("a", "1")).Digest.Should().Be((await registry.Manifest("a", "2")).Digest);
    }

    [Fact]
    public async Task What_the_registry_has_is_not_sent_again_and_another_repository_takes_it_over()
    {
        using var registry = await RealRegistry.Start();
        await using var proxy = await FaultyRegistry.Before(registry, _ => null);
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{proxy.Address}/a:1", $"{proxy.Address}/a:2", $"{proxy.Address}/b/c:1"));
        await docker.Output("push", $"{proxy.Address}/a:1");
        proxy.Requests.Clear();

        (await docker.Output("push", $"{proxy.Address}/a:2")).Should().Contain("Layer already exists");
        (await docker.Output("push", $"{proxy.Address}/b/c:1")).Should().Contain("Mounted from a");

        proxy
            .Requests.Should()
            .NotContain(request =>
                request.StartsWith("PUT", StringComparison.Ordinal)
                && request.Contains("/blobs/", StringComparison.Ordinal)
            );
        (await registry.Manifest("b/c", "1")).Bytes.Should().Equal(Image.Manifest);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(null)]
    public async Task A_failure_that_passes_is_tried_again(int? status)
    {
        using var registry = await RealRegistry.Start();
        var seen = new HashSet<string>();
        // Each kind of request fails the first time.
        await using var proxy = await FaultyRegistry.Before(
            registry,
            request =>
                seen.Add(request.Method + request.Path.Value!.Split('/')[^2])
                    ? new Fault(status, Cut: status is null)
                    : null
        );
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{proxy.Address}/a:1"));

        await docker.Output("push", $"{proxy.Address}/a:1");

        (await registry.Manifest("a", "1")).Bytes.Should().Equal(Image.Manifest);
    }

    [Fact]
    public async Task A_proxy_that_takes_no_large_body_gets_chunks()
    {
        using var registry = await RealRegistry.Start();
        var image = TestImage.With("large", 20_000_000);
        await using var proxy = await FaultyRegistry.Before(
            registry,
            request => request.ContentLength > 10_000_000 ? new Fault(StatusCodes.Status413PayloadTooLarge) : null
        );
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(image.Archive($"{proxy.Address}/a:1"));

        await docker.Output("push", $"{proxy.Address}/a:1");

        foreach (var (digest, content) in image.Blobs)
            (await registry.Blob("a", digest)).AsSpan().SequenceEqual(content).Should().BeTrue();
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_named()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        var address = $"127.0.0.1:{FreePort.On(System.Net.IPAddress.Loopback)}";
        await engine.Load(Image.Archive($"{address}/a:1"));

        (await docker.Failure("push", $"{address}/a:1")).Should().Contain($"{address} can't be reached");
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_named()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Failure("push", "registry.example.com/a:1"))
            .Should()
            .Contain("An image does not exist locally with the tag: registry.example.com/a:1");
    }

    [Fact]
    public async Task An_index_with_all_its_platforms_arrives_whole()
    {
        using var registry = await RealRegistry.Start();
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        var arm = TestImage.With("arm", architecture: "arm64");
        var index = $$"""
            {"schemaVersion": 2, "mediaType": "{{Manifests.MediaTypes.OciIndex}}", "manifests": [{{arm.Descriptor(
                """, "platform": {"os": "linux", "architecture": "arm64"}"""
            )}}, {{Image.Descriptor(""", "platform": {"os": "linux", "architecture": "amd64"}""")}}]}
            """;
        var bytes = System.Text.Encoding.UTF8.GetBytes(index);
        var archive = arm.AddBlobs(Image.AddBlobs(new()))
            .File(TestImage.PathOf(bytes), bytes)
            .File(
                "index.json",
                $$$"""{"schemaVersion": 2, "manifests": [{"mediaType": "{{{Manifests.MediaTypes.OciIndex}}}", "digest": "{{{TestImage.DigestOf(bytes)}}}", "size": {{{bytes.Length}}}, "annotations": {"io.containerd.image.name": "{{{registry.Address}}}/a:1"}}]}"""
            );
        await engine.Load(archive.Bytes());

        await docker.Output("push", $"{registry.Address}/a:1");

        (await registry.Manifest("a", "1")).Bytes.Should().Equal(bytes);
        (await registry.Manifest("a", arm.ManifestDigest)).Bytes.Should().Equal(arm.Manifest);
        (await docker.Output("inspect", "--format", "{{.Architecture}}", $"{registry.Address}/a:1"))
            .Should()
            .Be("amd64");
    }

    private static byte[] Unzip(byte[] compressed)
    {
        var plain = new MemoryStream();
        using var gzip = new System.IO.Compression.GZipStream(
            new MemoryStream(compressed),
            System.IO.Compression.CompressionMode.Decompress
        );
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
