using System.Formats.Tar;
using System.Net;

namespace CustomExecutor.EngineApi.Tests.Archives;

/// <summary><c>docker load</c> with every format of archive that tools write.</summary>
public sealed class LoadSpecs
{
    private static readonly TestImage Image = TestImage.With("one");

    [Fact]
    public async Task An_archive_as_buildx_sends_it_is_loaded_under_all_its_names()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        var file = docker.Write("image.tar", Image.Archive("registry.example.com:5000/a/b:1", "docker.io/library/c:2"));

        (await docker.Output("load", "-i", file))
            .Should()
            .Contain("Loaded image: registry.example.com:5000/a/b:1")
            .And.Contain("Loaded image: c:2");

        (await docker.Output("images", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"))
            .Split('\n')
            .Should()
            .BeEquivalentTo($"registry.example.com:5000/a/b:1 {Image.Id}", $"c:2 {Image.Id}");
    }

    [Fact]
    public async Task An_archive_compressed_with_gzip_is_loaded()
    {
        using var engine = await Engine.Start();

        (await engine.Load(TestImage.Gzip(Image.Archive("a:1")))).StatusCode.Should().Be(HttpStatusCode.OK);

        (await engine.Names()).Should().Equal("a:1");
    }

    [Fact]
    public async Task An_OCI_layout_alone_is_loaded()
    {
        using var engine = await Engine.Start();

        await engine.Load(Image.OciArchive("docker.io/library/a:1"));

        (await engine.Names()).Should().Equal("a:1");
    }

    [Fact]
    public async Task A_classic_archive_with_plain_and_linked_layers_is_loaded()
    {
        using var engine = await Engine.Start();

        (await engine.Load(Image.ClassicArchive("a:1"))).StatusCode.Should().Be(HttpStatusCode.OK);

        (await engine.Get("images/a:1/json"))["Id"]!.GetValue<string>().Should().Be(Image.Id);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "../../x/y")]
    [InlineData(TarEntryType.HardLink, "x/y")]
    public async Task Blobs_may_be_links_within_the_archive(TarEntryType type, string target)
    {
        using var engine = await Engine.Start();
        var archive = new TestArchive().File("x/y", Image.Manifest).Link("blobs/sha256/one", target, type);
        archive.Link(TestImage.PathOf(Image.Manifest), "one", TarEntryType.SymbolicLink);
        foreach (var blob in Image.Blobs.Values)
            archive.File(TestImage.PathOf(blob), blob);
        archive.File(
            "index.json",
            $$"""{"schemaVersion": 2, "manifests": [{{Image.Descriptor("""
            , "annotations": {"io.containerd.image.name": "docker.io/library/a:1"}
            """)}}]}"""
        );

        (await engine.Load(archive.Bytes())).StatusCode.Should().Be(HttpStatusCode.OK);

        (await engine.Names()).Should().Equal("a:1");
    }

    [Fact]
    public async Task An_image_without_a_name_is_found_by_its_id()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Output("load", "-i", docker.Write("image.tar", Image.Archive())))
            .Should()
            .Be($"Loaded image ID: {Image.Id}");

        (await docker.Output("inspect", "--format", "{{.Architecture}} {{index .Config.Env 0}}", Image.Id[7..19]))
            .Should()
            .Be("amd64 A=é+<b>");
        (await docker.Output("images", "-q", "--no-trunc", "--filter", "dangling=true")).Should().Be(Image.Id);
    }

    [Fact]
    public async Task A_name_moves_to_the_image_that_is_loaded_last()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        var other = TestImage.With("two");
        await engine.Load(Image.Archive("a:1"));

        (await docker.Output("load", "-i", docker.Write("image.tar", other.Archive("a:1"))))
            .Should()
            .Contain($"The image a:1 already exists, renaming the old one with ID {Image.Id} to empty string");

        (await docker.Output("inspect", "--format", "{{.Id}}", "a:1")).Should().Be(other.Id);
        (await docker.Output("inspect", "--format", "{{.RepoTags}}", Image.Id)).Should().Be("[]");
    }

    [Fact]
    public async Task Saved_images_are_loaded_again_bit_for_bit()
    {
        using var engine = await Engine.Start();
        using var second = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive("a:1", "b/c:2"));
        await engine.Load(TestImage.With("two").Archive("d:1"));
        var file = docker.Write("saved.tar", []);

        await docker.Output("save", "-o", file, "a:1", "b/c", "d:1");
        await using (var archive = File.OpenRead(file))
            (await second.Load(archive)).StatusCode.Should().Be(HttpStatusCode.OK);

        (await second.Names()).Should().Equal("a:1", "b/c:2", "d:1");
        Directory
            .GetFiles(Path.Join(second.Store, "blobs", "sha256"))
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo(Directory.GetFiles(Path.Join(engine.Store, "blobs", "sha256")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_layer_that_two_images_share_is_stored_once()
    {
        using var engine = await Engine.Start();
        await engine.Load(Image.Archive("a:1"));
        var before = engine.StoredBytes;

        await engine.Load(Image.Archive("b:1"));

        engine.StoredBytes.Should().Be(before);
    }
}
