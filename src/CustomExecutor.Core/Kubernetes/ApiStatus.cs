using System.Text.Json;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>
/// The parts of a Kubernetes Status object that say why a call was refused. Whatever is at the address may answer: text
/// that is not in such an object is not shown to anybody.
/// </summary>
/// <param name="Message">For people.</param>
/// <param name="Reason">One word, like Forbidden or AlreadyExists; empty if there is none.</param>
/// <param name="Causes">One for each field that was refused.</param>
public sealed record ApiStatus(string Message, string Reason, IReadOnlyList<ApiCause> Causes)
{
    /// <summary>Reads a response's body; null if it is not a Status object.</summary>
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
            return null; // A page of a proxy, or a string with half a surrogate pair.
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
