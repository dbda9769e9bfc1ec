using System.Net;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.Progress;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>
/// <c>docker push</c>: blobs first, then manifests, the named one last; each manifest as it was loaded, bit for bit.
/// </summary>
internal sealed class ImagePush(ImageStore store, RegistryHosts hosts, KnownBlobs known, ProgressLog log)
{
    /// <summary>As many as dockerd uploads at once.</summary>
    private const int AtOnce = 5;

    /// <summary>Pushes an image under a name with a tag.</summary>
    /// <exception cref="EngineException">The registry refuses or fails.</exception>
    public async Task Run(ImageReference name, ImageRecord image, RegistryLogin login, CancellationToken cancellation)
    {
        using var lease = store.Lease(image.Blobs.Select(blob => blob.Digest));
        var sources = image
            .Blobs.Select(blob => known.Elsewhere(name, blob.Digest))
            .OfType<string>()
            .Distinct()
            .Take(5);
        List<string> scopes =
        [
            $"repository:{name.Path}:pull,push",
            .. sources.Select(source => $"repository:{source}:pull"),
        ];
        var session = new RegistrySession(await hosts.Find(name.Domain), login, scopes);
        var manifests = image.Blobs.Where(blob => MediaTypes.IsManifest(blob.MediaType)).ToList();
        var layers = Layers(image);
        foreach (var (_, id) in layers)
            await log.Write(ProgressLine.Of("Preparing", id), cancellation);
        var isManifest = manifests.Select(blob => blob.Digest).ToHashSet();
        var blobs = image.Blobs.Where(blob => !isManifest.Contains(blob.Digest) && !MediaTypes.IsIndex(blob.MediaType));
        await Parallel.ForEachAsync(
            blobs.OrderByDescending(blob => blob.Size),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (blob, token) => await Upload(session, name, blob, layers.GetValueOrDefault(blob.Digest), token)
        );

        // Children before those that list them: the list of blobs begins with the root.
        var ordered = image
            .Blobs.Where(blob => isManifest.Contains(blob.Digest) || MediaTypes.IsIndex(blob.MediaType))
            .Reverse();
        foreach (var manifest in ordered.Where(manifest => manifest.Digest != image.Root.Digest))
            await Put(session, name, manifest, manifest.Digest.ToString(), cancellation);
        await Put(session, name, image.Root, name.Tag!, cancellation);

        store.Change(table =>
            table.Images.ContainsKey(image.Root.Digest.ToString())
                ? table.Named(name with { Tag = null, Digest = image.Root.Digest }, image)
                : table
        );
        await log.Say($"{name.Tag}: digest: {image.Root.Digest} size: {image.Root.Size}", cancellation);
        var pushed = new PushedImage(name.Tag!, image.Root.Digest.ToString(), image.Root.Size);
        await log.Write(new ProgressLine { ProgressDetail = new(null, null), Aux = pushed }, cancellation);
    }

    /// <summary>Layers by what docker calls them: the digest of the uncompressed layer.</summary>
    private Dictionary<Digest, string> Layers(ImageRecord image)
    {
        var (layers, diffIds) = (store.ManifestOf(image).Layers!, store.ConfigOf(image).DiffIds);
        return layers
            .Zip(diffIds)
            .DistinctBy(pair => pair.First.Digest)
            .ToDictionary(pair => pair.First.Digest, pair => pair.Second.ShortHex);
    }

    private async Task Upload(
        RegistrySession session,
        ImageReference name,
        Descriptor blob,
        string? id,
        CancellationToken cancellation
    )
    {
        var from = known.Elsewhere(name, blob.Digest);
        var result = await RegistryRetries.Run(
            session.Authority,
            () =>
                log.Follow(
                    sent => new BlobUpload(session, store.Blobs, name.Path).Run(blob, from, sent, cancellation),
                    bytes => ProgressLine.Of("Pushing", id ?? blob.Digest.ShortHex, bytes, blob.Size),
                    cancellation
                ),
            cancellation
        );
        known.Add(name, blob.Digest);
        if (id is null)
            return;
        var status = result switch
        {
            Uploaded.Exists => "Layer already exists",
            Uploaded.Mounted => $"Mounted from {from}",
            _ => "Pushed",
        };
        await log.Write(ProgressLine.Of(status, id), cancellation);
    }

    private async Task Put(
        RegistrySession session,
        ImageReference name,
        Descriptor manifest,
        string reference,
        CancellationToken cancellation
    )
    {
        var bytes = store.Blobs.Read(manifest.Digest, ImageManifest.LongestBytes);
        using var response = await RegistryRetries.Run(
            session.Authority,
            () => session.Send(Request, cancellation),
            cancellation
        );
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.OK))
            throw await RegistryAnswers.Refusal(response, $"push of {name.Path}", cancellation);
        var stored = response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values.First() : null;
        if (stored is not null && stored != manifest.Digest.ToString())
        {
            throw EngineException.Registry(
                $"{session.Authority} stored the manifest as {stored}, not as {manifest.Digest}"
            );
        }

        HttpRequestMessage Request()
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new(manifest.MediaType!);
            return new(HttpMethod.Put, session.At($"v2/{name.Path}/manifests/{reference}")) { Content = content };
        }
    }
}
