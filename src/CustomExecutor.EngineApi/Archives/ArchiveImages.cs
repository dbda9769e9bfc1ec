using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>An image of an archive and its names.</summary>
internal sealed record LoadedImage(ImageRecord Image, IReadOnlyList<ImageReference> Names);

/// <summary>
/// Finds an archive's images: by its OCI layout, whose manifests stay as they are bit for bit; by
/// <c>manifest.json</c> for names, and for
/// images of which there is no OCI manifest.
/// </summary>
internal sealed class ArchiveImages(ImageStore store, StoreLease lease, ArchiveContents contents, long now)
{
    private const string ContainerdName = "io.containerd.image.name";
    private const string OciName = "org.opencontainers.image.ref.name";

    private readonly Dictionary<Digest, ImageRecord> _images = [];
    private readonly Dictionary<string, (ImageReference Name, Digest Root)> _names = [];

    /// <exception cref="EngineException">There is none, or one is incomplete or contradictory.</exception>
    public async Task<IReadOnlyList<LoadedImage>> Find(CancellationToken cancellation)
    {
        var (index, classic) = (contents.Find("index.json"), contents.Find("manifest.json"));
        if (index is null && classic is null)
            throw NoImages();
        if (index is not null)
        {
            AddLayout(
                ImageManifest.Parse(
                    store.Blobs.Read(index.Value, ImageManifest.LongestBytes),
                    "the archive's index.json"
                )
            );
        }

        if (classic is not null)
        {
            foreach (var image in ReadClassic(classic.Value))
                await Add(image, cancellation);
        }

        return
        [
            .. _images.Values.Select(image => new LoadedImage(
                image,
                [.. _names.Values.Where(n => n.Root == image.Root.Digest).Select(n => n.Name)]
            )),
        ];
    }

    private void AddLayout(ImageManifest index)
    {
        foreach (var descriptor in index.Manifests ?? throw NoImages())
        {
            if (descriptor.IsAttestation)
                continue;
            var image = Add(descriptor);
            if (descriptor.Annotations?.GetValueOrDefault(ContainerdName) is { } name)
            {
                AddName(name, image);
            }
            // Skopeo and podman write a whole name or none; a tag alone names no image.
            else if (
                descriptor.Annotations?.GetValueOrDefault(OciName) is { } whole
                && whole.AsSpan().ContainsAny('/', ':')
            )
            {
                AddName(whole, image);
            }
        }
    }

    private async Task Add(ArchiveImage entry, CancellationToken cancellation)
    {
        var id = contents.Get(entry.Config);
        var image =
            _images.Values.FirstOrDefault(known => known.Id == id)
            ?? Add(await new ClassicImages(store, lease, contents).Write(entry, cancellation));
        foreach (var name in entry.RepoTags ?? [])
            AddName(name, image);
    }

    private ImageRecord Add(Descriptor root)
    {
        var image = new ImageTree(store, lease).Read(root, now);
        return _images[image.Root.Digest] = image;
    }

    private void AddName(string text, ImageRecord image)
    {
        var name = ImageReference.Parse(text).WithDefaultTag();
        if (_names.TryGetValue(name.Familiar, out var other) && other.Root != image.Root.Digest)
            throw EngineException.Invalid($"the archive gives the name {name.Familiar} to two images");
        _names[name.Familiar] = (name, image.Root.Digest);
    }

    private ArchiveImage[] ReadClassic(Digest file)
    {
        try
        {
            var images = JsonSerializer.Deserialize(
                store.Blobs.Read(file, ImageManifest.LongestBytes),
                ManifestJson.Default.ArchiveImageArray
            );
            return images is { Length: > 0 } && images.All(image => image is not null) ? images : throw NoImages();
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"the archive's manifest.json is not valid: {DisplayText.Of(e.Message)}");
        }
    }

    private EngineException NoImages() =>
        EngineException.Invalid(
            contents.Find("repositories") is null
                ? "the archive holds no image: it has neither an index.json nor a manifest.json with images"
                : "the archive has the format of Docker before 1.10, which is not read here; save it again with a "
                    + "newer docker"
        );
}
