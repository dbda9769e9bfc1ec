namespace CustomExecutor.EngineApi.Manifests;

/// <summary>The media types of images: Docker's and the OCI's.</summary>
public static class MediaTypes
{
    /// <summary>An OCI image index.</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>An OCI image manifest.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>Docker's manifest list.</summary>
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker's image manifest, schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker's image configuration.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>Docker's layer, compressed with gzip.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>All that a registry may answer with, for the header Accept.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [OciIndex, OciManifest, DockerList, DockerManifest];

    /// <summary>Whether content of this type lists manifests.</summary>
    public static bool IsIndex(string? type) => type is OciIndex or DockerList;

    /// <summary>Whether content of this type is one image.</summary>
    public static bool IsManifest(string? type) => type is OciManifest or DockerManifest;

    /// <summary>
    /// Whether a layer of this type stays where its URLs say (Windows' base layers) and is never uploaded.
    /// </summary>
    public static bool IsForeign(string? type) =>
        type is not null
        && (
            type.Contains(".nondistributable.", StringComparison.Ordinal)
            || type.Contains(".foreign.", StringComparison.Ordinal)
        );
}
