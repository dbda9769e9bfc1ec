using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.EngineApi.Images;

/// <summary>An image in a list (Engine API, <c>ImageSummary</c>). Size: bytes of its layers as stored.</summary>
public sealed record ImageSummary(
    string Id,
    string ParentId,
    IReadOnlyList<string> RepoTags,
    IReadOnlyList<string> RepoDigests,
    long Created,
    long Size,
    long SharedSize,
    IReadOnlyDictionary<string, string>? Labels,
    long Containers
);

/// <summary>An image in full (Engine API, <c>ImageInspect</c>).</summary>
public sealed record ImageInspect(
    string Id,
    IReadOnlyList<string> RepoTags,
    IReadOnlyList<string> RepoDigests,
    string Parent,
    string Comment,
    string Created,
    string DockerVersion,
    string Author
)
{
    /// <summary>The configuration's part for containers, as it is.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>Go's name.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Of the architecture.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    /// <summary>Go's name.</summary>
    public string Os { get; init; } = "";

    /// <summary>Of Windows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }

    /// <summary>Bytes of the layers as stored.</summary>
    public long Size { get; init; }

    /// <summary>Where a daemon would have unpacked it.</summary>
    public GraphDriver? GraphDriver { get; init; }

    /// <summary>The layers.</summary>
    public RootFs? RootFS { get; init; }

    /// <summary>When it was loaded.</summary>
    public ImageMetadata? Metadata { get; init; }

    /// <summary>What a push writes.</summary>
    public ImageDescriptor? Descriptor { get; init; }
}

/// <summary>A storage driver's name and data.</summary>
public sealed record GraphDriver(string Name, IReadOnlyDictionary<string, string>? Data);

/// <summary>The uncompressed layers' digests.</summary>
public sealed record RootFs(string Type, IReadOnlyList<string> Layers);

/// <summary>When it was loaded, RFC 3339.</summary>
public sealed record ImageMetadata(string LastTagTime);

/// <summary>What a push writes.</summary>
public sealed record ImageDescriptor(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("size")] long Size
);

/// <summary>A step of an image's history (Engine API, <c>HistoryResponseItem</c>).</summary>
public sealed record HistoryStep(
    string Id,
    long Created,
    string CreatedBy,
    IReadOnlyList<string>? Tags,
    long Size,
    string Comment
);

/// <summary>What a removal did: one of the two.</summary>
public sealed record RemovedImage(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Untagged,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Deleted
);

/// <summary>What a prune did.</summary>
public sealed record PrunedImages(IReadOnlyList<RemovedImage> ImagesDeleted, long SpaceReclaimed);

/// <summary>A registry's image (Engine API, <c>DistributionInspect</c>).</summary>
public sealed record DistributionInspect(ImageDescriptor Descriptor, IReadOnlyList<Manifests.Platform> Platforms);

/// <summary>The JSON shapes of images.</summary>
[JsonSerializable(typeof(IReadOnlyList<ImageSummary>))]
[JsonSerializable(typeof(ImageInspect))]
[JsonSerializable(typeof(IReadOnlyList<HistoryStep>))]
[JsonSerializable(typeof(IReadOnlyList<RemovedImage>))]
[JsonSerializable(typeof(PrunedImages))]
[JsonSerializable(typeof(DistributionInspect))]
internal sealed partial class ImagesJson : JsonSerializerContext;
