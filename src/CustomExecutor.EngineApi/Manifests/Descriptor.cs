using System.Text.Json.Serialization;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Manifests;

/// <summary>Content that a manifest or index refers to (OCI image specification, <c>descriptor.md</c>).</summary>
/// <param name="MediaType">Its type.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record Descriptor(
    [property: JsonPropertyName("mediaType")] string? MediaType,
    [property: JsonPropertyName("digest"), JsonRequired] Digest Digest,
    [property: JsonPropertyName("size"), JsonRequired] long Size
)
{
    /// <summary>What the writer noted; names of images in an archive's index.</summary>
    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>In an index: for which machine the manifest is.</summary>
    [JsonPropertyName("platform")]
    public Platform? Platform { get; init; }

    /// <summary>Whether it is an attestation (provenance, SBOM) of another manifest and not an image.</summary>
    [JsonIgnore]
    public bool IsAttestation => Annotations?.ContainsKey("vnd.docker.reference.type") == true;
}
