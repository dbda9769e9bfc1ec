using System.IO.Compression;
using System.Security.Cryptography;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Json;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>
/// Images of an archive without an OCI layout (<c>docker save</c> before version 25, crane, bazel): layers as plain
/// tars or gzip, and no
/// manifest. They get one as dockerd writes it when it pushes; a plain layer is compressed once.
/// </summary>
internal sealed class ClassicImages(ImageStore store, StoreLease lease, ArchiveContents contents)
{
    private readonly Dictionary<(Digest Content, Digest DiffId), Descriptor> _layers = [];

    /// <summary>Writes an image's manifest.</summary>
    /// <exception cref="EngineException">The layers are not those that the configuration names.</exception>
    public async Task<Descriptor> Write(ArchiveImage image, CancellationToken cancellation)
    {
        var id = contents.Get(image.Config);
        var bytes = store.Blobs.Read(id, ImageConfig.LongestBytes);
        var config = ImageConfig.Parse(bytes, "the image's configuration");
        var paths = image.Layers ?? [];
        if (paths.Count != config.DiffIds.Count)
        {
            throw EngineException.Invalid(
                $"manifest.json has {paths.Count} layers for an image whose configuration has {config.DiffIds.Count}"
            );
        }

        var layers = new List<Descriptor>();
        for (var i = 0; i < paths.Count; i++)
            layers.Add(await Layer(contents.Get(paths[i]), config.DiffIds[i], cancellation));
        var manifest = new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.DockerManifest,
            Config = new Descriptor(MediaTypes.DockerConfig, id, bytes.Length),
            Layers = layers,
        };
        using var writer = store.Blobs.Create();
        writer.Write(JsonBytes.Of(manifest, ManifestJson.Default.ImageManifest));
        return new Descriptor(MediaTypes.DockerManifest, store.Keep(writer, lease), writer.Length);
    }

    private async Task<Descriptor> Layer(Digest content, Digest diffId, CancellationToken cancellation)
    {
        if (_layers.TryGetValue((content, diffId), out var known))
            return known;
        await using var stream = store.Blobs.Open(content);
        var start = new byte[4];
        var read = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        stream.Position = 0;
        var layer = ArchiveReader.IsGzip(start.AsSpan(0, read))
            ? await Compressed(stream, content, diffId, cancellation)
            : await Plain(stream, content, diffId, cancellation);
        return _layers[(content, diffId)] = layer;
    }

    private static async Task<Descriptor> Compressed(
        FileStream stream,
        Digest content,
        Digest diffId,
        CancellationToken cancellation
    )
    {
        await using var plain = new BoundedGunzip(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[128 * 1024];
        while (await plain.ReadAsync(piece, cancellation) is var read and > 0)
            hash.AppendData(piece, 0, read);
        Expect(new Digest(Convert.ToHexStringLower(hash.GetHashAndReset())), diffId);
        return new Descriptor(MediaTypes.DockerLayer, content, stream.Length);
    }

    private async Task<Descriptor> Plain(
        FileStream stream,
        Digest content,
        Digest diffId,
        CancellationToken cancellation
    )
    {
        Expect(content, diffId);
        using var writer = store.Blobs.Create();
        await using (var gzip = new GZipStream(new BlobStream(writer), CompressionLevel.Fastest))
            await stream.CopyToAsync(gzip, 128 * 1024, cancellation);
        return new Descriptor(MediaTypes.DockerLayer, store.Keep(writer, lease), writer.Length);
    }

    private static void Expect(Digest content, Digest diffId)
    {
        if (content != diffId)
        {
            throw EngineException.Invalid(
                $"the archive is damaged: a layer has the digest {content}, its configuration says {diffId}"
            );
        }
    }
}
