using System.Text.Json.Serialization;

namespace CustomExecutor.EngineApi.Manifests;

/// <summary>An image in the <c>manifest.json</c> of <c>docker save</c>: paths within the archive.</summary>
/// <param name="Config">The configuration's path.</param>
/// <param name="RepoTags">Its names.</param>
/// <param name="Layers">The layers' paths, the lowest first.</param>
public sealed record ArchiveImage(
    [property: JsonPropertyName("Config"), JsonRequired] string Config,
    [property: JsonPropertyName("RepoTags")] IReadOnlyList<string>? RepoTags,
    [property: JsonPropertyName("Layers")] IReadOnlyList<string>? Layers
);
