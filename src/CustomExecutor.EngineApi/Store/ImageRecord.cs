using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Store;

/// <summary>An image in the store.</summary>
/// <param name="Id">Its configuration's digest, docker's image id.</param>
/// <param name="Root">What is pushed: the manifest, or an index all of whose content is here.</param>
/// <param name="Manifest">The manifest for this machine: <paramref name="Root"/> itself, or one in it.</param>
/// <param name="Blobs">Root and all that it refers to.</param>
/// <param name="Size">Bytes of its layers as they are stored.</param>
/// <param name="Added">When, in seconds since 1970.</param>
public sealed record ImageRecord(
    Digest Id,
    Descriptor Root,
    Digest Manifest,
    IReadOnlyList<Descriptor> Blobs,
    long Size,
    long Added
);
