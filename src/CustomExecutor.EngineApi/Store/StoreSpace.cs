using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Store;

/// <summary>
/// How much the store may hold. Every byte is reserved before it is written, so that no request can fill the volume.
/// </summary>
/// <param name="limit">Bytes, or null for no limit of its own.</param>
internal sealed class StoreSpace(long? limit)
{
    private long _used;

    /// <summary>Bytes in use, unfinished uploads included.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Bytes at most, or null.</summary>
    public long? Limit => limit;

    /// <summary>Takes bytes.</summary>
    /// <exception cref="EngineException">There are not as many left.</exception>
    public void Reserve(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= (limit ?? long.MaxValue))
            return;
        Release(bytes);
        throw NoSpace($"it may hold {Megabytes(limit!.Value)}");
    }

    /// <summary>Gives bytes back.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>The store's own limit or the volume's.</summary>
    public static EngineException NoSpace(string why) =>
        EngineException.Full(
            $"the job's image store is full ({why}). Remove images that are not needed (docker image prune -a), or "
                + "push without"
                + " storing the image here: docker buildx build --push"
        );

    private static string Megabytes(long bytes) => $"{bytes / 1_000_000} MB";
}
