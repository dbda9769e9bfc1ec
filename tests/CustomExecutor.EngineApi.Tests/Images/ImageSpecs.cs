namespace CustomExecutor.EngineApi.Tests.Images;

/// <summary>Commands about images that are there.</summary>
public sealed class ImageSpecs
{
    private static readonly TestImage Image = TestImage.With("one");
    private static readonly TestImage Other = TestImage.With("two");

    [Fact]
    public async Task A_tag_is_another_name_for_an_image()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive("a:1"));

        await docker.Output("tag", "a:1", "registry.example.com:5000/b/c");
        await docker.Output("tag", Image.Id[7..20], "d:2");

        (await engine.Names()).Should().Equal("a:1", "d:2", "registry.example.com:5000/b/c:latest");
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("a:b:c")]
    [InlineData("a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task A_tag_that_is_no_name_is_refused(string name)
    {
        using var engine = await Engine.Start();
        await engine.Load(Image.Archive("a:1"));

        using var response = await engine.Client.PostAsync(
            $"images/a:1/tag?repo={Uri.EscapeDataString(name)}",
            null,
            TestContext.Current.CancellationToken
        );

        ((int)response.StatusCode).Should().Be(400);
        (await engine.Names()).Should().Equal("a:1");
    }

    [Fact]
    public async Task An_image_goes_with_its_last_name()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive("a:1", "a:2"));

        (await docker.Output("rmi", "a:1")).Should().Be("Untagged: a:1");
        engine.StoredBytes.Should().BePositive();
        (await docker.Output("rmi", "a:2")).Should().Be($"Untagged: a:2\nDeleted: {Image.Id}");

        engine.StoredBytes.Should().Be(0);
    }

    [Fact]
    public async Task An_id_in_several_repositories_is_removed_by_force_alone()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive("a:1", "b:1"));

        (await docker.Failure("rmi", Image.Id)).Should().Contain("must be forced");
        await docker.Output("rmi", "-f", Image.Id);

        (await engine.Names()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_layer_that_another_image_has_stays()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive("a:1"));
        await engine.Load(Image.ClassicArchive("b:1"));
        await engine.Load(Other.Archive("c:1"));

        await docker.Output("rmi", "c:1");

        await docker.Output("save", "-o", docker.Write("saved.tar", []), "a:1", "b:1");
    }

    [Fact]
    public async Task A_prune_removes_what_has_no_name_and_with_all_everything()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive());
        await engine.Load(Other.Archive("c:1"));

        (await docker.Output("image", "prune", "-f")).Should().Contain(Image.Id);
        (await engine.Names()).Should().Equal("c:1");
        (await docker.Output("system", "prune", "-af")).Should().Contain(Other.Id);

        engine.StoredBytes.Should().Be(0);
    }

    [Theory]
    [InlineData("reference=a", "a:1")]
    [InlineData("reference=reg*/b/*:2", "registry.example.com/b/c:2")]
    [InlineData("reference=*/*/*", "registry.example.com/b/c:2")]
    [InlineData("label=org.example=two", "registry.example.com/b/c:2")]
    [InlineData("label=org.example", "a:1,registry.example.com/b/c:2")]
    [InlineData("label=none", "")]
    [InlineData("dangling=true", "")]
    public async Task Images_can_be_filtered(string filter, string names)
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive("a:1"));
        await engine.Load(Other.Archive("registry.example.com/b/c:2"));

        var shown = await docker.Output("images", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}");

        string.Join(',', shown.Split('\n').Order(StringComparer.Ordinal)).Should().Be(names);
    }

    [Fact]
    public async Task History_shows_the_steps_with_the_sizes_of_their_layers()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive("a:1"));

        (await docker.Output("history", "--human=false", "--no-trunc", "--format", "{{.CreatedBy}} {{.Size}}", "a:1"))
            .Should()
            .Be($"COPY file1 {Image.Layers[1].Length}\nENV A 0\nCOPY file0 {Image.Layers[0].Length}");
    }

    [Fact]
    public async Task A_name_is_found_with_encoded_slashes_as_well()
    {
        using var engine = await Engine.Start();
        await engine.Load(Image.Archive("registry.example.com:5000/b/c:2"));

        (await engine.Get("v1.41/images/registry.example.com%3A5000%2Fb%2Fc%3A2/json"))["Id"]!
            .GetValue<string>()
            .Should()
            .Be(Image.Id);
    }
}
