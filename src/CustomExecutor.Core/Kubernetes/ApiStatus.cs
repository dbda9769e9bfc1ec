using System.Text.Json;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>
/// The parts of a Kubernetes Status object that explain a refused call. Any server may answer at the address, so text
/// outside such an object is never shown.
/// </summary>
/// <param name="Message">A message for people.</param>
/// <param name="Reason">One word, like Forbidden or AlreadyExists; empty if there is none.</param>
/// <param name="Causes">One for each field that was refused.</param>
public sealed record ApiStatus(string Message, string Reason, IReadOnlyList<ApiCause> Causes)
{
    /// <summary>Parses a response's body; null if it is not a Status object.</summary>
    public static ApiStatus? Parse(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
            return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (Text(json.RootElement, "kind") != "Status")
                return null;
            var details = Child(json.RootElement, "details");
            return new ApiStatus(
                Text(json.RootElement, "message"),
                Text(json.RootElement, "reason"),
                Child(details, "causes") is { ValueKind: JsonValueKind.Array } causes
                    ?
                    [
                        .. causes
                            .EnumerateArray()
                            .Select(c => new ApiCause(Text(c, "field"), Text(c, "message"), Text(c, "reason"))),
                    ]
                    : []
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // A proxy's HTML page, or a string with an unpaired surrogate.
        }
    }

    private static JsonElement? Child(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var child)
            ? child
            : null;

    private static string Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";
}

/// <summary>Why one field was refused.</summary>
public sealed record ApiCause(string Field, string Message, string Reason);
