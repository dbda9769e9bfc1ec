using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>
/// JSON serialization of the settings file. Comments and trailing commas are allowed; unknown keys are errors.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(DriverSettings))]
public sealed partial class SettingsJson : JsonSerializerContext;
