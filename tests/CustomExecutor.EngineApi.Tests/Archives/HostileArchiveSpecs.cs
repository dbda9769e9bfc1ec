using System.Formats.Tar;
using System.Net;
using System.Text;

namespace CustomExecutor.EngineApi.Tests.Archives;

/// <summary>Archives that a stranger made: each gets one clear error, and what was there stays as it was.</summary>
public sealed class HostileArchiveSpecs
{
    private static readonly TestImage Image = TestImage.With("one");
    private static readonly TestImage Other = TestImage.With("other");

    public static TheoryData<string, string> Archives =>
        new()
        {
            { "a path out of it", "leads out of it: \"../../etc/x\"" },
            { "an absolute path", "leads out of it: \"/etc/x\"" },
            { "a symbolic link out of it", "leads out of it: \"../../etc/passwd\"" },
            { "a hard link out of it", "leads out of it: \"/etc/passwd\"" },
            { "links in a circle", "circle" },
            { "a device", "neither file, directory nor link" },
            { "a sparse file", "sparse" },
            { "a pax sparse file", "sparse" },
            { "a negative size", "invalid number" },
            { "a size beyond the end", "ends too early" },
            { "a huge pax header", "extended header" },
            { "a malformed pax header", "pax header is malformed" },
            { "a wrong checksum", "checksum" },
            { "no tar at all", "not a tar" },
            { "nothing", "holds no image" },
            { "an empty manifest.json", "holds no image" },
            { "a manifest.json that is no JSON", "manifest.json is not valid" },
            { "a deep manifest.json", "manifest.json is not valid" },
            { "a layer that is missing", "is missing" },
            { "a blob of another digest", "the content of \"blobs/sha256/" },
            { "a descriptor of another size", "not 7 as the manifest says" },
            { "the same name twice", "twice, with different content" },
            { "a tag for two images", "gives the name a:1 to two images" },
            { "an invalid name", "invalid reference format" },
            { "a name with line ends", "invalid reference format" },
            { "another layer than its diff id", "its configuration says" },
            { "more layers than diff ids", "layers" },
            { "a duplicate key", "not a valid manifest" },
            { "an index of itself", "is missing" },
            { "a manifest of schema 1", "schema 1" },
            { "xz", "xz -dc FILE | docker load" },
            { "zstd", "zstd -dc FILE | docker load" },
            { "damaged gzip", "damaged" },
            { "the format of 2015", "before 1.10" },
            { "too many entries", "entries" },
        };

    [Theory]
    [MemberData(nameof(Archives))]
    public async Task It_is_refused_with_one_clear_error(string archive, string message)
    {
        using var engine = await Engine.Start();
        await engine.Load(Other.Archive("there:1"));
        var before = engine.StoredBytes;

        using var response = await engine.Load(Make(archive));

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await Engine.MessageOf(response)).Should().Contain(message).And.NotContain("\n");
        (await engine.Names()).Should().Equal("there:1");
        engine.StoredBytes.Should().Be(before);
        engine.Process.Log.Should().NotContain("internal error");
    }

    [Fact]
    public async Task A_bomb_of_gzip_ends_at_the_ratio()
    {
        using var engine = await Engine.Start();
        var archive = new TestArchive().File("big", new byte[400_000_000]);

        using var response = await engine.Load(TestImage.Gzip(archive.Bytes()));

        (await Engine.MessageOf(response)).Should().Contain("times its size");
        engine.StoredBytes.Should().Be(0);
    }

    [Fact]
    public async Task An_archive_beyond_the_stores_size_is_refused_and_the_next_one_fits()
    {
        using var engine = await Engine.Start("--max-store-bytes", "1000000");
        using var docker = new DockerCommand(engine);
        await engine.Load(Other.Archive("there:1"));

        (
            await docker.Failure(
                "load",
                "-i",
                docker.Write("image.tar", TestImage.With("big", 2_000_000).Archive("big:1"))
            )
        )
            .Should()
            .Contain("the job's image store is full (it may hold 1 MB)")
            .And.Contain("docker image prune -a");

        (await engine.Load(Image.Archive("a:1"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await engine.Names()).Should().Equal("a:1", "there:1");
    }

    private static byte[] Make(string archive) =>
        archive switch
        {
            "a path out of it" => new TestArchive().File("../../etc/x", "x").Bytes(),
            "an absolute path" => new TestArchive().File("/etc/x", "x").Bytes(),
            "a symbolic link out of it" => new TestArchive().Link("a/b", "../../etc/passwd").Bytes(),
            "a hard link out of it" => new TestArchive().Link("a", "/etc/passwd", TarEntryType.HardLink).Bytes(),
            "links in a circle" => new TestArchive().Link("manifest.json", "b").Link("b", "manifest.json").Bytes(),
            "a device" => new TestArchive().Add(new PaxTarEntry(TarEntryType.CharacterDevice, "null")).Bytes(),
            "a sparse file" => TestArchive.Raw("a", "00000000000", 'S', []),
            "a pax sparse file" => TestArchive.Raw("a", "00000000026", 'x', "22 GNU.sparse.major=1\n"u8.ToArray()),
            "a negative size" => TestArchive.Raw("a", "-0000000001", '0', []),
            "a size beyond the end" => TestArchive.Raw("a", "77777777777", '0', new byte[512]),
            "a huge pax header" => TestArchive.Raw("a", "77777777777", 'x', new byte[512]),
            "a malformed pax header" => TestArchive.Raw("a", "00000000010", 'x', "9 path=x"u8.ToArray()),
            "a wrong checksum" => Damage(Image.Archive("a:1")),
            "no tar at all" => Encoding.ASCII.GetBytes(new string('x', 2000)),
            "nothing" => [],
            "an empty manifest.json" => new TestArchive().File("manifest.json", "[]").Bytes(),
            "a manifest.json that is no JSON" => new TestArchive().File("manifest.json", "[").Bytes(),
            "a deep manifest.json" => new TestArchive().File("manifest.json", new string('[', 1_000_000)).Bytes(),
            "a layer that is missing" => Layout(
                new TestArchive().File(TestImage.PathOf(Image.Manifest), Image.Manifest),
                Image.Descriptor("")
            ),
            "a blob of another digest" => new TestArchive().File(TestImage.PathOf(Image.Manifest), "x").Bytes(),
            "a descriptor of another size" => Layout(
                Image.AddBlobs(new()),
                Image
                    .Descriptor("")
                    .Replace($"\"size\": {Image.Manifest.Length}", "\"size\": 7", StringComparison.Ordinal)
            ),
            "the same name twice" => new TestArchive().File("index.json", "{}").File("./index.json", "[]").Bytes(),
            "a tag for two images" => Layout(
                Other.AddBlobs(Image.AddBlobs(new())),
                $"{Image.Descriptor(Named("a:1"))},{Other.Descriptor(Named("a:1"))}"
            ),
            "an invalid name" => Image.Archive("A/B:1"),
            "a name with line ends" => Image.Archive("a:1\\n\\u001b[31m"),
            "another layer than its diff id" => Classic(
                $"[\"{TestImage.PathOf(Other.Layers[0])}\", \"{TestImage.PathOf(Image.Layers[1])}\"]"
            ),
            "more layers than diff ids" => Classic($"[\"{TestImage.PathOf(Image.Layers[0])}\"]"),
            "a duplicate key" => Layout(
                new TestArchive(),
                """{"digest": "sha256:a", "digest": "sha256:b", "size": 1}"""
            ),
            "an index of itself" => Layout(
                Image.AddBlobs(new()),
                Image.Descriptor("").Replace(Image.ManifestDigest[7..], new string('a', 64), StringComparison.Ordinal)
            ),
            "a manifest of schema 1" => new TestArchive().File("index.json", """{"schemaVersion": 1}""").Bytes(),
            "xz" => [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
            "zstd" => [0x28, 0xb5, 0x2f, 0xfd, 0, 0],
            "damaged gzip" => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255],
            "the format of 2015" => new TestArchive().File("repositories", "{}").Bytes(),
            "too many entries" => TooMany(),
            _ => throw new ArgumentOutOfRangeException(nameof(archive), archive, null),
        };

    private static string Named(string name) => $$""", "annotations": {"io.containerd.image.name": "{{name}}"}""";

    private static byte[] Layout(TestArchive archive, string descriptors) =>
        archive.File("index.json", $$"""{"schemaVersion": 2, "manifests": [{{descriptors}}]}""").Bytes();

    private static byte[] Classic(string layers) =>
        Other
            .AddBlobs(Image.AddBlobs(new()))
            .File(
                "manifest.json",
                $$"""[{"Config": "{{TestImage.PathOf(Image.Config)}}", "RepoTags": ["a:1"], "Layers": {{layers}}}]"""
            )
            .Bytes();

    private static byte[] Damage(byte[] archive)
    {
        archive[0] ^= 1;
        return archive;
    }

    private static byte[] TooMany()
    {
        var entry = TestArchive.Raw("a/", "00000000000", '5', []);
        return [.. Enumerable.Repeat(entry, 25_000).SelectMany(bytes => bytes)];
    }
}
