using System.Text.Json.Serialization;

namespace CustomExecutor.EngineApi.Manifests;

/// <summary>
/// The JSON shapes of images. A name twice in one object would be read differently by different programs, and is
/// refused.
/// </summary>
[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(ArchiveImage[]))]
internal sealed partial class ManifestJson : JsonSerializerContext;
