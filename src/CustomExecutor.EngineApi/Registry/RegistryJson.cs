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

/// <summary>The JSON shapes of registries.</summary>
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(RegistryRefusal))]
[JsonSerializable(typeof(RegistryLogin))]
internal sealed partial class RegistryJson : JsonSerializerContext;
