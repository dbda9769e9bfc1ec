using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Store;

/// <summary>Content that a running request needs.</summary>
internal sealed class StoreLease(ImageStore store) : IDisposable
{
    /// <summary>Owned by the store.</summary>
    public HashSet<Digest> Digests { get; } = [];

    public void Dispose() => store.Release(this);
}
