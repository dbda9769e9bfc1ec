using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>The JSON shape of the settings file: comments and trailing commas allowed, an unknown key an
/// error.</summary>
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
