using System.Formats.Tar;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Json;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>
/// <c>docker save</c>: an OCI layout with a <c>manifest.json</c>, as docker writes it since version 25.
/// </summary>
internal static class ImageSave
{
    /// <summary>
    /// The images and names that are asked for; a name without a tag means all tags in its repository.
    /// </summary>
    /// <exception cref="EngineException">There is no such image.</exception>
    public static IReadOnlyList<LoadedImage> Choose(ImageTable table, IEnumerable<string> names)
    {
        var chosen = new Dictionary<Digest, (ImageRecord Image, HashSet<ImageReference> Names)>();
        foreach (var text in names)
        {
            var name = ImageReference.TryParse(text, out _);
            var tags = name is { Tag: null, Digest: null }
                ? table.Tags.Keys.Where(tag => ImageTable.RepositoryOf(tag) == name.Repository).ToList()
                : [];
            if (tags.Count > 0)
            {
                foreach (var tag in tags)
                    Add(ImageReference.Parse(tag), table.Get(tag));
            }
            else
            {
                Add(name is { Tag: not null } && table.Named(name) is not null ? name : null, table.Get(text));
            }
        }

        if (chosen.Count == 0)
            throw EngineException.Invalid("no image is named");
        return [.. chosen.Values.Select(one => new LoadedImage(one.Image, [.. one.Names]))];

        void Add(ImageReference? name, ImageRecord image)
        {
            if (!chosen.TryGetValue(image.Root.Digest, out var entry))
                chosen[image.Root.Digest] = entry = (image, []);
            if (name is not null)
                entry.Names.Add(name);
        }
    }

    /// <summary>Writes the archive. The caller's lease keeps the content.</summary>
    public static async Task Write(
        ImageStore store,
        IReadOnlyList<LoadedImage> images,
        Stream output,
        CancellationToken cancellation
    )
    {
        await using var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true);
        var written = new HashSet<Digest>();
        foreach (var blob in images.SelectMany(image => image.Image.Blobs).Where(blob => written.Add(blob.Digest)))
        {
            await using var content = store.Blobs.Open(blob.Digest);
            await Add(tar, PathOf(blob.Digest), content, cancellation);
        }

        await Add(tar, "oci-layout", new MemoryStream("{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray()), cancellation);
        var index = new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. images.SelectMany(Descriptors)],
        };
        await Add(tar, "index.json", Json(JsonBytes.Of(index, ManifestJson.Default.ImageManifest)), cancellation);
        var classic = images.Select(image => Classic(store, image)).ToArray();
        await Add(
            tar,
            "manifest.json",
            Json(JsonBytes.Of(classic, ManifestJson.Default.ArchiveImageArray)),
            cancellation
        );
    }

    private static MemoryStream Json(byte[] text) => new(text);

    private static IEnumerable<Descriptor> Descriptors(LoadedImage image)
    {
        if (image.Names.Count == 0)
            yield return image.Image.Root;
        foreach (var name in image.Names)
        {
            yield return image.Image.Root with
            {
                Annotations = new Dictionary<string, string>
                {
                    ["io.containerd.image.name"] = $"{name.Repository}:{name.Tag}",
                    ["org.opencontainers.image.ref.name"] = name.Tag!,
                },
            };
        }
    }

    private static ArchiveImage Classic(ImageStore store, LoadedImage image) =>
        new(
            PathOf(image.Image.Id),
            image.Names.Count == 0 ? null : [.. image.Names.Select(name => name.Familiar)],
            [.. store.ManifestOf(image.Image).Layers!.Select(layer => PathOf(layer.Digest))]
        );

    private static string PathOf(Digest digest) => $"blobs/sha256/{digest.Hex}";

    private static Task Add(TarWriter tar, string name, Stream content, CancellationToken cancellation) =>
        tar.WriteEntryAsync(
            new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = content,
                Mode = (UnixFileMode)0b110_100_100,
                ModificationTime = DateTimeOffset.UnixEpoch,
            },
            cancellation
        );
}
