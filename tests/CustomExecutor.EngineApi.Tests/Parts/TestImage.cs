using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>An image made of given files, a layer each, with a manifest whose bytes are unusual on purpose.</summary>
internal sealed class TestImage
{
    private TestImage(string text, int layerBytes, string architecture)
    {
        var plain = Enumerable.Range(0, 2).Select(i => Layer($"file{i}", text, layerBytes)).ToList();
        Plain = plain;
        Layers = [.. plain.Select(Gzip)];
        Config = Encoding.UTF8.GetBytes(
            $$$"""
            {"architecture":"{{{architecture}}}","os":"linux","created":"2024-05-06T07:08:09.5Z","config":{"Env":["A=é+<b>"],"Cmd":["/x"],"Labels":{"org.example":"{{{text}}}"}},
             "rootfs":{"type":"layers","diff_ids":["{{{DigestOf(plain[0])}}}","{{{DigestOf(plain[1])}}}"]},
             "history":[{"created":"2024-05-06T07:08:08Z","created_by":"COPY file0"},{"created_by":"ENV A","empty_layer":true},{"created_by":"COPY file1"}]}
            """
        );
        var layers = string.Join(
            ", ",
            Layers.Select(layer =>
                $$"""{ "size": {{layer.Length}}, "digest": "{{DigestOf(layer)}}", "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" }"""
            )
        );
        Manifest = Encoding.UTF8.GetBytes(
            $$"""
            { "annotations": { "org.example.note": "kept bit for bit" }, "schemaVersion": 2,
              "layers": [ {{layers}} ],
              "mediaType": "{{MediaTypes.OciManifest}}",
              "config": { "size": {{Config.Length}}, "mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{DigestOf(
                Config
            )}}" } }

            """
        );
    }

    public byte[] Config { get; }

    public byte[] Manifest { get; }

    public IReadOnlyList<byte[]> Plain { get; }

    public IReadOnlyList<byte[]> Layers { get; }

    public string Id => DigestOf(Config);

    public string ManifestDigest => DigestOf(Manifest);

    public const string ManifestType = MediaTypes.OciManifest;

    /// <summary>Config and layers by digest.</summary>
    public Dictionary<string, byte[]> Blobs =>
        new[] { Config }.Concat(Layers).DistinctBy(DigestOf).ToDictionary(DigestOf);

    public static TestImage With(string text, int layerBytes = 1000, string architecture = "amd64") =>
        new(text, layerBytes, architecture);

    public static string DigestOf(byte[] content) => Digest.Of(content).ToString();

    public static string PathOf(byte[] content) => $"blobs/sha256/{Digest.Of(content).Hex}";

    /// <summary>As BuildKit's docker exporter writes it: an OCI layout and a manifest.json.</summary>
    public byte[] Archive(params string[] names)
    {
        var archive = new TestArchive();
        AddLayout(archive, names);
        return AddClassic(archive, [.. Layers.Select(PathOf)], names).Bytes();
    }

    /// <summary>An OCI layout alone.</summary>
    public byte[] OciArchive(params string[] names) => AddLayout(new TestArchive(), names).Bytes();

    /// <summary>As docker before version 25 saved it: plain layers, a shared one as a link.</summary>
    public byte[] ClassicArchive(params string[] names)
    {
        var archive = new TestArchive().File($"{DigestOf(Config)[7..]}.json", Config).Directory("a/").Directory("b/");
        archive.File("a/layer.tar", Plain[0]).File("c/layer.tar", Plain[1]).Link("b/layer.tar", "../c/layer.tar");
        var manifest = new JsonArray(
            new JsonObject
            {
                [nameof(Config)] = $"{DigestOf(Config)[7..]}.json",
                ["RepoTags"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
                [nameof(Layers)] = new JsonArray("a/layer.tar", "b/layer.tar"),
            }
        );
        return archive.File("manifest.json", manifest.ToJsonString()).Bytes();
    }

    public TestArchive AddBlobs(TestArchive archive)
    {
        foreach (var blob in Blobs.Values.Append(Manifest))
            archive.File(PathOf(blob), blob);
        return archive;
    }

    public static byte[] Gzip(byte[] plain)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(plain);
        return compressed.ToArray();
    }

    private TestArchive AddLayout(TestArchive archive, string[] names)
    {
        AddBlobs(archive).File("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        var descriptors = names
            .DefaultIfEmpty()
            .Select(name =>
                name is null
                    ? Descriptor("")
                    : Descriptor($$""", "annotations": {"io.containerd.image.name": "{{name}}"}""")
            );
        return archive.File(
            "index.json",
            $$"""{"schemaVersion": 2, "manifests": [{{string.Join(',', descriptors)}}]}"""
        );
    }

    public string Descriptor(string rest) =>
        $$"""{"mediaType": "{{ManifestType}}", "digest": "{{ManifestDigest}}", "size": {{Manifest.Length}}{{rest}}}""";

    private TestArchive AddClassic(TestArchive archive, string[] layers, string[] names)
    {
        var manifest = new JsonArray(
            new JsonObject
            {
                [nameof(Config)] = PathOf(Config),
                ["RepoTags"] = names.Length == 0 ? null : new JsonArray([.. names.Select(name => (JsonNode)name)]),
                [nameof(Layers)] = new JsonArray([.. layers.Select(layer => (JsonNode)layer)]),
            }
        );
        return archive.File("manifest.json", manifest.ToJsonString());
    }

    private static byte[] Layer(string file, string text, int bytes)
    {
        var content = new byte[bytes];
        new Random(HashCode(text + file)).NextBytes(content);
        return new TestArchive().File(file, content).Bytes();
    }

    /// <summary>The same in every run, unlike the framework's.</summary>
    private static int HashCode(string text) =>
        BitConverter.ToInt32(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
