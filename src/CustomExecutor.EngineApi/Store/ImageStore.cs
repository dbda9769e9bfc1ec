using System.Text.Json;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Store;

/// <summary>
/// The job's images on disk. Content goes when no image and no running request needs it; the table's file is replaced
/// whole, so that a
/// restart of the program finds the images that it had.
/// </summary>
internal sealed class ImageStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, int> _leased = [];
    private readonly string _file;
    private volatile ImageTable _table;

    public ImageStore(string directory, long? limit)
    {
        Directory.CreateDirectory(directory);
        _file = Path.Join(directory, "images.json");
        Blobs = new BlobStore(directory, new StoreSpace(limit));
        _table = File.Exists(_file)
            ? JsonSerializer.Deserialize(File.ReadAllBytes(_file), ImageTableJson.Default.ImageTable)
                ?? ImageTable.Empty
            : ImageTable.Empty;
        Collect(Blobs.All);
    }

    /// <summary>The content.</summary>
    public BlobStore Blobs { get; }

    /// <summary>The images at this moment.</summary>
    public ImageTable Table => _table;

    /// <summary>Keeps content for a request until the lease is disposed, whatever happens to its image.</summary>
    public StoreLease Lease(IEnumerable<Digest> digests)
    {
        var lease = new StoreLease(this);
        lock (_gate)
        {
            foreach (var digest in digests)
                Take(lease, digest);
        }

        return lease;
    }

    /// <summary>Keeps content that has just been written.</summary>
    public Digest Keep(BlobWriter writer, StoreLease lease)
    {
        var digest = writer.Finish();
        lock (_gate)
        {
            Take(lease, digest);
            Blobs.Keep(writer, digest);
        }

        return digest;
    }

    /// <summary>Keeps content that is already there; false if it is not.</summary>
    public bool TryKeep(Digest digest, StoreLease lease)
    {
        lock (_gate)
        {
            if (!Blobs.Has(digest))
                return false;
            Take(lease, digest);
            return true;
        }
    }

    /// <summary>Changes the table, and deletes what no image needs any more.</summary>
    /// <returns>The table before and after.</returns>
    public (ImageTable Before, ImageTable After) Change(Func<ImageTable, ImageTable> change)
    {
        lock (_gate)
        {
            var before = _table;
            var after = change(before);
            if (ReferenceEquals(before, after))
                return (before, after);
            Save(after);
            _table = after;
            if (before.Images.Keys.Any(root => !after.Images.ContainsKey(root)))
                Collect(before.Blobs);
            return (before, after);
        }
    }

    /// <summary>An image's manifest for this machine.</summary>
    public ImageManifest ManifestOf(ImageRecord image) =>
        ImageManifest.Parse(Blobs.Read(image.Manifest, ImageManifest.LongestBytes), image.Manifest.ToString());

    /// <summary>An image's configuration.</summary>
    public ImageConfig ConfigOf(ImageRecord image) =>
        ImageConfig.Parse(Blobs.Read(image.Id, ImageConfig.LongestBytes), image.Id.ToString());

    public void Release(StoreLease lease)
    {
        lock (_gate)
        {
            foreach (var digest in lease.Digests)
            {
                if (--_leased[digest] == 0)
                    _leased.Remove(digest);
            }

            Collect(lease.Digests);
        }
    }

    private void Take(StoreLease lease, Digest digest)
    {
        if (lease.Digests.Add(digest))
            _leased[digest] = _leased.GetValueOrDefault(digest) + 1;
    }

    private void Collect(IEnumerable<Digest> candidates)
    {
        var needed = _table.Blobs.ToHashSet();
        foreach (var digest in candidates.ToHashSet())
        {
            if (!needed.Contains(digest) && !_leased.ContainsKey(digest))
                Blobs.Delete(digest);
        }
    }

    private void Save(ImageTable table)
    {
        var next = _file + ".new";
        try
        {
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(table, ImageTableJson.Default.ImageTable));
            File.Move(next, _file, overwrite: true);
        }
        catch (IOException e)
        {
            throw StoreSpace.NoSpace(e.Message);
        }
    }
}
