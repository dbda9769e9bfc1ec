using System.Collections.Concurrent;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>In which repositories blobs were seen, so that a registry can take them from there.</summary>
internal sealed class KnownBlobs
{
    private readonly ConcurrentDictionary<(string Domain, Digest Blob), string> _repositories = [];

    public void Add(ImageReference name, Digest blob) => _repositories[(name.Domain, blob)] = name.Path;

    /// <summary>Another repository of the same registry, or null.</summary>
    public string? Elsewhere(ImageReference name, Digest blob) =>
        _repositories.TryGetValue((name.Domain, blob), out var path) && path != name.Path ? path : null;
}
