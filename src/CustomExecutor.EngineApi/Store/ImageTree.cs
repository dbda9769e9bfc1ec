using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Store;

/// <summary>
/// Makes an image's record from what is in the store: all content is there, in the size that the manifests say, and
/// kept by the lease.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="lease">Keeps what is found.</param>
internal sealed class ImageTree(ImageStore store, StoreLease lease)
{
    private const int MostLevels = 4;
    private readonly Dictionary<Digest, Node> _nodes = [];

    /// <summary>
    /// Of an index that is not here with all its platforms, the image for this machine is taken, as docker does.
    /// </summary>
    /// <param name="root">A manifest or an index.</param>
    /// <param name="added">Seconds since 1970.</param>
    /// <exception cref="EngineException">Content is missing or does not fit.</exception>
    public ImageRecord Read(Descriptor root, long added)
    {
        var top = Visit(root, 0);
        var images = Images(top).Distinct().ToList();
        var complete = images.Where(image => image.Missing is null).ToList();
        var chosen =
            complete.FirstOrDefault(image => image.Platform is { } platform && Platform.Host.Accepts(platform))
            ?? complete.FirstOrDefault()
            ?? throw EngineException.Invalid(
                images is [var first, ..]
                    ? $"content {first.Missing!.Digest}, which {first.Descriptor.Digest} refers to, is missing"
                    : $"{root.Digest} holds no image"
            );
        var config = ImageConfig.Parse(
            store.Blobs.Read(chosen.Manifest.Config!.Digest, ImageConfig.LongestBytes),
            "the image's configuration"
        );
        if (config.DiffIds.Count != chosen.Manifest.Layers!.Count)
        {
            throw EngineException.Invalid(
                $"the image's manifest has {chosen.Manifest.Layers.Count} layers, its configuration "
                    + $"{config.DiffIds.Count}"
            );
        }

        var kept = IsComplete(top) ? top : chosen;
        var layers = chosen.Manifest.Layers.Sum(layer => layer.Size);
        return new ImageRecord(
            chosen.Manifest.Config.Digest,
            Plain(kept),
            chosen.Descriptor.Digest,
            Blobs(kept),
            layers,
            added
        );
    }

    private Node Visit(Descriptor descriptor, int level)
    {
        if (_nodes.TryGetValue(descriptor.Digest, out var known))
            return known;
        if (level == MostLevels)
            throw EngineException.Invalid($"the image's index is nested more than {MostLevels} times");
        Expect(descriptor);
        var manifest = ImageManifest.Parse(
            store.Blobs.Read(descriptor.Digest, ImageManifest.LongestBytes),
            descriptor.Digest.ToString()
        );
        var node = new Node(descriptor, manifest);
        _nodes[descriptor.Digest] = node;
        foreach (var child in manifest.Children)
        {
            if (!store.TryKeep(child.Digest, lease))
            {
                if (!MediaTypes.IsForeign(child.MediaType))
                    node.Missing ??= child;
            }
            else if (manifest.IsIndex)
            {
                node.Nodes.Add(Visit(child, level + 1));
            }
            else
            {
                Expect(child);
            }
        }

        return node;
    }

    private void Expect(Descriptor descriptor)
    {
        if (!store.TryKeep(descriptor.Digest, lease))
            throw EngineException.Invalid($"content {descriptor.Digest} is missing");
        var size = store.Blobs.SizeOf(descriptor.Digest);
        if (size != descriptor.Size)
        {
            throw EngineException.Invalid(
                $"content {descriptor.Digest} has {size} bytes, not {descriptor.Size} as the manifest says"
            );
        }
    }

    private static IEnumerable<Node> Images(Node node) =>
        node.Manifest.IsIndex ? node.Nodes.Where(child => !child.Descriptor.IsAttestation).SelectMany(Images) : [node];

    private static bool IsComplete(Node node) => node.Missing is null && node.Nodes.All(IsComplete);

    private static Descriptor Plain(Node node) => new(node.Manifest.Type, node.Descriptor.Digest, node.Descriptor.Size);

    private List<Descriptor> Blobs(Node node)
    {
        var (found, seen, open) = (new List<Descriptor>(), new HashSet<Digest>(), new Stack<Node>([node]));
        while (open.TryPop(out var next))
        {
            if (seen.Add(next.Descriptor.Digest))
                found.Add(Plain(next));
            foreach (var child in next.Nodes.Where(child => !seen.Contains(child.Descriptor.Digest)))
                open.Push(child);
            if (next.Manifest.IsIndex)
                continue;
            foreach (var child in next.Manifest.Children)
            {
                if (store.Blobs.Has(child.Digest) && seen.Add(child.Digest))
                    found.Add(new Descriptor(child.MediaType, child.Digest, child.Size));
            }
        }

        return found;
    }

    private sealed class Node(Descriptor descriptor, ImageManifest manifest)
    {
        public Descriptor Descriptor => descriptor;

        public ImageManifest Manifest => manifest;

        public List<Node> Nodes { get; } = [];

        public Descriptor? Missing { get; set; }

        public Platform? Platform => descriptor.Platform;
    }
}
