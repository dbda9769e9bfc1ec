namespace CustomExecutor.EngineApi.Tests.Registry;

/// <summary><c>docker pull</c>, and what pipelines do after it.</summary>
public sealed class PullSpecs
{
    private static readonly TestImage Image = TestImage.With("one");

    [Fact]
    public async Task A_pulled_image_can_be_tagged_and_pushed_elsewhere()
    {
        using var registry = await RealRegistry.Start();
        await registry.Put("from/a", "1", Image);
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Output("pull", $"{registry.Address}/from/a:1"))
            .Should()
            .Contain($"Digest: {Image.ManifestDigest}")
            .And.Contain("Status: Downloaded newer image")
            .And.Contain("Pull complete");
        await docker.Output("tag", $"{registry.Address}/from/a:1", $"{registry.Address}/to/b:2");
        await docker.Output("push", $"{registry.Address}/to/b:2");

        (await registry.Manifest("to/b", "2")).Bytes.Should().Equal(Image.Manifest);
        (await docker.Output("pull", $"{registry.Address}/from/a:1")).Should().Contain("Image is up to date");
    }

    [Fact]
    public async Task An_image_is_pulled_by_its_digest()
    {
        using var registry = await RealRegistry.Start();
        await registry.Put("a", "1", Image);
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        var name = $"{registry.Address}/a@{Image.ManifestDigest}";

        await docker.Output("pull", name);

        (await docker.Output("inspect", "--format", "{{.Id}} {{.RepoTags}}", name)).Should().Be($"{Image.Id} []");
    }

    [Theory]
    [InlineData(null, "amd64")]
    [InlineData("linux/arm64", "arm64")]
    public async Task Of_an_index_the_platform_of_this_machine_or_the_one_asked_for_is_pulled(
        string? platform,
        string expected
    )
    {
        using var registry = await RealRegistry.Start();
        var arm = TestImage.With("arm", architecture: "arm64");
        await PutIndex(registry, arm);
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        await docker.Output([
            "pull",
            .. platform is null ? (string[])[] : ["--platform", platform],
            $"{registry.Address}/a:all",
        ]);

        (await docker.Output("inspect", "--format", "{{.Architecture}}", $"{registry.Address}/a:all"))
            .Should()
            .Be(expected);
    }

    [Fact]
    public async Task A_platform_that_the_index_does_not_have_is_named()
    {
        using var registry = await RealRegistry.Start();
        await PutIndex(registry, TestImage.With("arm", architecture: "arm64"));
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Failure("pull", "--platform", "linux/s390x", $"{registry.Address}/a:all"))
            .Should()
            .Contain("no matching manifest for linux/s390x");
    }

    [Fact]
    public async Task A_download_that_breaks_goes_on()
    {
        using var registry = await RealRegistry.Start();
        await registry.Put("a", "1", Image);
        var cut = new HashSet<string>();
        await using var proxy = await FaultyRegistry.Before(
            registry,
            request =>
                request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal) && cut.Add(request.Path.Value)
                    ? new Fault(CutAnswerAfter: 100)
                    : null
        );
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        await docker.Output("pull", $"{proxy.Address}/a:1");

        (await docker.Output("inspect", "--format", "{{.Id}}", $"{proxy.Address}/a:1")).Should().Be(Image.Id);
    }

    [Fact]
    public async Task An_image_that_is_not_in_the_registry_is_named()
    {
        using var registry = await RealRegistry.Start();
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Failure("pull", $"{registry.Address}/a:1"))
            .Should()
            .Contain($"manifest for {registry.Address}/a:1 not found");
    }

    [Fact]
    public async Task The_daemons_part_of_a_registrys_image_can_be_asked_for()
    {
        using var registry = await RealRegistry.Start();
        await PutIndex(registry, TestImage.With("arm", architecture: "arm64"));
        using var engine = await Engine.Start();

        var answer = await engine.Get($"v1.47/distribution/{registry.Address}/a:all/json");

        answer["Descriptor"]!["digest"]!.GetValue<string>().Should().Be((await registry.Manifest("a", "all")).Digest);
        answer["Platforms"]!
            .AsArray()
            .Select(platform => platform!["architecture"]!.GetValue<string>())
            .Should()
            .Equal("arm64", "amd64");
    }

    private static async Task PutIndex(RealRegistry registry, TestImage arm)
    {
        await registry.Put("a", null, arm);
        await registry.Put(
            "a",
            "all",
            Image,
            $$"""
            {"schemaVersion": 2, "mediaType": "{{Manifests.MediaTypes.OciIndex}}", "manifests": [{{arm.Descriptor(
                """, "platform": {"os": "linux", "architecture": "arm64"}"""
            )}}, {{Image.Descriptor(""", "platform": {"os": "linux", "architecture": "amd64"}""")}}]}
            """
        );
    }
}
