using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Store;

/// <summary>
/// Content by digest, each once: <c>blobs/sha256/HEX</c> as in an OCI layout, and <c>uploads</c> for what is not
/// finished.
/// </summary>
internal sealed class BlobStore
{
    private readonly string _blobs;
    private readonly string _uploads;
    private long _lastUpload;

    public BlobStore(string directory, StoreSpace space)
    {
        Space = space;
        _blobs = Path.Join(directory, "blobs", "sha256");
        _uploads = Path.Join(directory, "uploads");
        Directory.CreateDirectory(_blobs);
        // What an earlier run of this program left unfinished.
        if (Directory.Exists(_uploads))
            Directory.Delete(_uploads, recursive: true);
        Directory.CreateDirectory(_uploads);
        foreach (var file in new DirectoryInfo(_blobs).EnumerateFiles())
            space.Reserve(file.Length);
    }

    public StoreSpace Space { get; }

    /// <summary>All content.</summary>
    public IEnumerable<Digest> All =>
        Directory
            .EnumerateFiles(_blobs)
            .Select(Path.GetFileName)
            .Where(name => Digest.TryParseHex(name!, out _))
            .Select(name => new Digest(name!));

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Bytes, or null if the content is not there.</summary>
    public long? SizeOf(Digest digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : null;

    /// <summary>Opens content for reading. It stays readable when it is deleted meanwhile.</summary>
    /// <exception cref="EngineException">It is not there.</exception>
    public FileStream Open(Digest digest)
    {
        try
        {
            return new FileStream(
                PathOf(digest),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                bufferSize: 0
            );
        }
        catch (FileNotFoundException)
        {
            throw EngineException.NotFound($"content {digest} is no longer in the job's image store");
        }
    }

    /// <summary>Reads small content whole.</summary>
    /// <exception cref="EngineException">It is not there, or longer than <paramref name="longest"/> bytes.</exception>
    public byte[] Read(Digest digest, int longest)
    {
        using var stream = Open(digest);
        if (stream.Length > longest)
            throw EngineException.Invalid($"{digest} has {stream.Length} bytes; at most {longest} are read as JSON");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Begins new content.</summary>
    /// <exception cref="EngineException">The volume is full.</exception>
    public BlobWriter Create()
    {
        try
        {
            return new BlobWriter(
                Path.Join(_uploads, Interlocked.Increment(ref _lastUpload).ToString("x16", null)),
                Space
            );
        }
        catch (IOException e)
        {
            throw StoreSpace.NoSpace(e.Message);
        }
    }

    /// <summary>Puts finished content in its place; content that was there stays.</summary>
    public void Keep(BlobWriter writer, Digest digest)
    {
        if (Has(digest))
            writer.Dispose();
        else
            writer.MoveTo(PathOf(digest));
    }

    public void Delete(Digest digest)
    {
        var file = new FileInfo(PathOf(digest));
        if (!file.Exists)
            return;
        var length = file.Length;
        file.Delete();
        Space.Release(length);
    }

    private string PathOf(Digest digest) => Path.Join(_blobs, digest.Hex);
}
