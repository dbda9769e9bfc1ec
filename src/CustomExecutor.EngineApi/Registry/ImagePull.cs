using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.Progress;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Registry;

/// <summary><c>docker pull</c>: the image of one platform, with all content verified.</summary>
internal sealed class ImagePull(ImageStore store, RegistryHosts hosts, KnownBlobs known, ProgressLog log)
{
    /// <summary>As many as dockerd downloads at once.</summary>
    private const int AtOnce = 3;

    /// <summary>Pulls an image.</summary>
    /// <param name="name">With tag or digest.</param>
    /// <param name="platform">The platform, or null for this machine's.</param>
    /// <param name="login">The login.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="EngineException">There is none, or the registry refuses or fails.</exception>
    public async Task Run(
        ImageReference name,
        Platform? platform,
        RegistryLogin login,
        long now,
        CancellationToken cancellation
    )
    {
        var session = new RegistrySession(await hosts.Find(name.Domain), login, [$"repository:{name.Path}:pull"]);
        var found = await RemoteManifest.Get(session, name, cancellation);
        await log.Write(
            new()
            {
                Status = $"Pulling from {(name.Domain == "docker.io" ? name.Path : name.FamiliarRepository)}",
                Id = name.Tag ?? name.Digest.ToString(),
            },
            cancellation
        );
        using var lease = store.Lease([]);
        var image = found.Manifest.IsIndex ? await Choose(session, name, found, platform, cancellation) : found;
        Write(image, lease);
        var ids = image.Manifest.Layers!.Select(layer => layer.Digest).ToHashSet();
        await Parallel.ForEachAsync(
            image
                .Manifest.Children.DistinctBy(child => child.Digest)
                .Where(child => !MediaTypes.IsForeign(child.MediaType)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (blob, token) => await Download(session, name, blob, lease, ids.Contains(blob.Digest), token)
        );

        var record = new ImageTree(store, lease).Read(image.Descriptor, now);
        var (before, _) = store.Change(table => Named(table.With(record), record, name, found.Descriptor.Digest));
        await log.Say($"Digest: {found.Descriptor.Digest}", cancellation);
        var isNew = before.Named(name)?.Root.Digest != record.Root.Digest;
        await log.Say(
            $"Status: {(isNew ? "Downloaded newer image" : "Image is up to date")} for {name.Familiar}",
            cancellation
        );
    }

    private static ImageTable Named(ImageTable table, ImageRecord record, ImageReference name, Digest digest)
    {
        table = table.Named(name with { Tag = null, Digest = digest }, record);
        return name.Digest is null ? table.Named(name, record) : table;
    }

    private static async Task<RemoteManifest> Choose(
        RegistrySession session,
        ImageReference name,
        RemoteManifest index,
        Platform? asked,
        CancellationToken cancellation
    )
    {
        var platform = asked ?? Platform.Host;
        var chosen =
            index
                .Manifest.Manifests!.Where(child => !child.IsAttestation)
                .FirstOrDefault(child => child.Platform is { } one && platform.Accepts(one))
            ?? throw EngineException.NotFound(
                $"no matching manifest for {platform} in the manifest list entries of {name.Familiar}"
            );
        var image = await RemoteManifest.Get(session, name with { Tag = null, Digest = chosen.Digest }, cancellation);
        return image.Manifest.IsIndex
            ? throw EngineException.Invalid($"{name.Familiar} is an index of indexes")
            : image;
    }

    private void Write(RemoteManifest manifest, StoreLease lease)
    {
        using var writer = store.Blobs.Create();
        writer.Write(manifest.Bytes);
        store.Keep(writer, lease);
    }

    private async Task Download(
        RegistrySession session,
        ImageReference name,
        Descriptor blob,
        StoreLease lease,
        bool isLayer,
        CancellationToken cancellation
    )
    {
        var id = blob.Digest.ShortHex;
        known.Add(name, blob.Digest);
        if (store.TryKeep(blob.Digest, lease))
        {
            if (isLayer)
                await log.Write(ProgressLine.Of("Already exists", id), cancellation);
            return;
        }

        if (isLayer)
            await log.Write(ProgressLine.Of("Pulling fs layer", id), cancellation);
        await log.Follow(
            received => new BlobDownload(session, store, name.Path).Run(blob, lease, received, cancellation),
            bytes => ProgressLine.Of("Downloading", id, bytes, blob.Size),
            cancellation
        );
        if (isLayer)
            await log.Write(ProgressLine.Of("Pull complete", id), cancellation);
    }
}
