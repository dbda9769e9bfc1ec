using System.Text.Json.Serialization;

namespace CustomExecutor.EngineApi.Progress;

/// <summary>One line of docker's stream of progress (<c>pkg/jsonmessage</c>).</summary>
public sealed record ProgressLine
{
    /// <summary>Text to print as it is.</summary>
    [JsonPropertyName("stream")]
    public string? Stream { get; init; }

    /// <summary>What happens.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>How far it is. Without bytes the client prints the line once.</summary>
    [JsonPropertyName("progressDetail")]
    public ProgressDetail? ProgressDetail { get; init; }

    /// <summary>Of which layer.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Why it failed.</summary>
    [JsonPropertyName("errorDetail")]
    public ProgressError? ErrorDetail { get; init; }

    /// <summary>The same, for older clients.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }

    /// <summary>For programs: what was pushed.</summary>
    [JsonPropertyName("aux")]
    public PushedImage? Aux { get; init; }

    /// <summary>A failure.</summary>
    public static ProgressLine Failed(string message) =>
        new() { ErrorDetail = new ProgressError(message), Error = message };

    /// <summary>A layer's step.</summary>
    public static ProgressLine Of(string status, string id, long? current = null, long? total = null) =>
        new()
        {
            Status = status,
            Id = id,
            ProgressDetail = new ProgressDetail(current, total),
        };
}

/// <summary>How far a layer is, in bytes.</summary>
public sealed record ProgressDetail(
    [property: JsonPropertyName("current")] long? Current,
    [property: JsonPropertyName("total")] long? Total
);

/// <summary>Why something failed.</summary>
public sealed record ProgressError([property: JsonPropertyName("message")] string Message);

/// <summary>What was pushed.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Digest">The manifest's digest in the registry.</param>
/// <param name="Size">The manifest's bytes.</param>
public sealed record PushedImage(string Tag, string Digest, long Size);

/// <summary>The JSON shape of the lines.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressLine))]
internal sealed partial class ProgressJson : JsonSerializerContext;
