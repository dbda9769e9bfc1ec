using System.Text.Json;
using System.Text.Json.Serialization;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Manifests;

/// <summary>An image's configuration (OCI image specification, <c>config.md</c>, and what Docker adds).</summary>
public sealed record ImageConfig
{
    /// <summary>Larger ones are refused.</summary>
    public const int LongestBytes = 8 * 1024 * 1024;

    /// <summary>Go's name.</summary>
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    /// <summary>Go's name.</summary>
    [JsonPropertyName("os")]
    public string? Os { get; init; }

    /// <summary>Of the architecture.</summary>
    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    /// <summary>Of Windows.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>RFC 3339.</summary>
    [JsonPropertyName("created")]
    public string? Created { get; init; }

    /// <summary>Who made it.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary>A word of whoever committed it.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>Environment, command, labels and the like: handed on as they are.</summary>
    [JsonPropertyName("config")]
    public JsonElement? Config { get; init; }

    /// <summary>The layers' digests, uncompressed.</summary>
    [JsonPropertyName("rootfs")]
    public ImageRootFs? RootFs { get; init; }

    /// <summary>The Dockerfile's steps.</summary>
    [JsonPropertyName("history")]
    public IReadOnlyList<ImageStep>? History { get; init; }

    /// <summary>The layers' digests, uncompressed, the lowest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<Digest> DiffIds => RootFs?.DiffIds ?? [];

    /// <summary>Seconds since 1970; 0 where unknown.</summary>
    [JsonIgnore]
    public long CreatedSeconds => Seconds(Created);

    /// <summary>The labels.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Labels =>
        Config is { ValueKind: JsonValueKind.Object } config
        && config.TryGetProperty(nameof(Labels), out var labels)
        && labels.ValueKind == JsonValueKind.Object
            ? labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.ToString())
            : null;

    /// <summary>For which machine it is.</summary>
    [JsonIgnore]
    public Platform Platform => new(Architecture, Os, string.IsNullOrEmpty(Variant) ? null : Variant);

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="EngineException">It is none.</exception>
    public static ImageConfig Parse(ReadOnlySpan<byte> bytes, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ManifestJson.Default.ImageConfig)
                ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"{what} is not a valid image configuration: {e.Message}");
        }
    }

    internal static long Seconds(string? time) =>
        DateTimeOffset.TryParse(time, System.Globalization.CultureInfo.InvariantCulture, out var parsed)
            ? parsed.ToUnixTimeSeconds()
            : 0;
}

/// <summary>The layers of an image.</summary>
/// <param name="Type"><c>layers</c>.</param>
/// <param name="DiffIds">Their digests, uncompressed.</param>
public sealed record ImageRootFs(
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("diff_ids")] IReadOnlyList<Digest>? DiffIds
);

/// <summary>A step of a Dockerfile.</summary>
public sealed record ImageStep(
    [property: JsonPropertyName("created")] string? Created,
    [property: JsonPropertyName("created_by")] string? CreatedBy,
    [property: JsonPropertyName("comment")] string? Comment,
    [property: JsonPropertyName("empty_layer")] bool EmptyLayer
);
