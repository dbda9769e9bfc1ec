using System.Text.Json;
using System.Text.Json.Serialization;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Manifests;

/// <summary>A manifest or an index; whichever it is, its bytes are kept as they came.</summary>
public sealed record ImageManifest
{
    /// <summary>As the distribution's registry allows at most.</summary>
    public const int LongestBytes = 4 * 1024 * 1024;

    /// <summary>Two, always: schema 1 is refused.</summary>
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; init; }

    /// <summary>Its own type; OCI manifests may leave it out.</summary>
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    /// <summary>Of an image: its configuration.</summary>
    [JsonPropertyName("config")]
    public Descriptor? Config { get; init; }

    /// <summary>Of an image: its layers, the lowest first.</summary>
    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor>? Layers { get; init; }

    /// <summary>Of an index: its manifests.</summary>
    [JsonPropertyName("manifests")]
    public IReadOnlyList<Descriptor>? Manifests { get; init; }

    /// <summary>Whether it is an index.</summary>
    [JsonIgnore]
    public bool IsIndex => Manifests is not null;

    /// <summary>What it directly refers to.</summary>
    [JsonIgnore]
    public IEnumerable<Descriptor> Children => Manifests ?? [Config!, .. Layers!];

    /// <summary>Its type, also where it says none.</summary>
    [JsonIgnore]
    public string Type => MediaType ?? (IsIndex ? MediaTypes.OciIndex : MediaTypes.OciManifest);

    /// <summary>Reads a manifest or an index.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="what">How to call it in an error.</param>
    /// <exception cref="EngineException">It is neither.</exception>
    public static ImageManifest Parse(ReadOnlySpan<byte> bytes, string what)
    {
        ImageManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(bytes, ManifestJson.Default.ImageManifest);
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"{what} is not a valid manifest: {e.Message}");
        }

        if (manifest is { SchemaVersion: 1 })
        {
            throw EngineException.Invalid(
                $"{what} has Docker's manifest schema 1, which no current registry takes; build the image anew"
            );
        }

        var isImage = manifest is { Config: not null, Layers: not null, Manifests: null };
        var isIndex = manifest is { Config: null, Layers: null, Manifests: not null };
        if (manifest is not { SchemaVersion: 2 } || !(isImage || isIndex))
        {
            throw EngineException.Invalid(
                $"{what} is not a valid manifest: it needs schemaVersion 2 and either config and layers, or manifests"
            );
        }

        if (manifest.Children.Any(child => child is null || child.Size < 0))
            throw EngineException.Invalid($"{what} is not a valid manifest: it has an empty entry or a negative size");
        return manifest;
    }
}
