using System.Text.Json.Serialization;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>A token service's answer (distribution's specification, <c>token.md</c>).</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("token")] string? Token,
    [property: JsonPropertyName("access_token")] string? AccessToken
);

/// <summary>A registry's refusal (distribution's specification, <c>api.md</c>).</summary>
internal sealed record RegistryRefusal(
    [property: JsonPropertyName("errors")] IReadOnlyList<RegistryRefusalError>? Errors
);

/// <summary>One reason of it.</summary>
internal sealed record RegistryRefusalError(
    [property: JsonPropertyName("code")] string? Code,
    [property: JsonPropertyName("message")] string? Message
);

/// <summary>What an admin says of registries: by <c>HOST</c> or <c>HOST:PORT</c>.</summary>
public sealed record RegistriesConfig(
    [property: JsonPropertyName("registries")] IReadOnlyDictionary<string, RegistryOptions>? Registries
);

/// <summary>What an admin says of one registry; the names are those of buildkitd's configuration.</summary>
/// <param name="Http">It speaks plain HTTP.</param>
/// <param name="Insecure">Its certificate is not checked.</param>
/// <param name="Ca">Files with certificates, PEM, that are trusted beside the system's.</param>
public sealed record RegistryOptions(
    [property: JsonPropertyName("http")] bool Http = false,
    [property: JsonPropertyName("insecure")] bool Insecure = false,
    [property: JsonPropertyName("ca")] IReadOnlyList<string>? Ca = null
);

/// <summary>The JSON shapes of registries.</summary>
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(RegistryRefusal))]
[JsonSerializable(typeof(RegistriesConfig))]
[JsonSerializable(typeof(RegistryLogin))]
internal sealed partial class RegistryJson : JsonSerializerContext;
