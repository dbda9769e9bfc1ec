using System.Text.Json;

namespace CustomExecutor.Core.Kubernetes.Answers;

/// <summary>
/// Rejects values that Kubernetes never sends, before an answer is deserialized: nulls in a list or as a label (Go's
/// encoder can't produce them for the types that the driver reads), and quantities whose exponent would keep the client
/// library busy for hours.
/// </summary>
public static class RawAnswer
{
    /// <summary>
    /// The API server sends quantities in canonical form, at most as long as "9223372036854775807". The library
    /// computes any exponent.
    /// </summary>
    private const int LongestQuantity = 32;

    private const int MostExponentDigits = 2;

    private static readonly string[] MapsOfText = ["labels", "annotations", "nodeSelector"];

    private static readonly string[] Quantities =
    [
        "limits",
        "requests",
        "overhead",
        "capacity",
        "allocatedResources",
        "sizeLimit",
        "divisor",
    ];

    /// <summary>The problem; null if there is none.</summary>
    public static string? Problem(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray()
                .Select(e => e.ValueKind == JsonValueKind.Null ? "a list has a null" : Problem(e))
                .FirstOrDefault(p => p is not null),
            JsonValueKind.Object => json.EnumerateObject().Select(ProblemOf).FirstOrDefault(p => p is not null),
            _ => null,
        };

    private static string? ProblemOf(JsonProperty property)
    {
        if (MapsOfText.Contains(property.Name) && Values(property.Value).Any(v => v.ValueKind == JsonValueKind.Null))
            return "a map has a null";
        if (Quantities.Contains(property.Name) && Values(property.Value).Any(v => !IsQuantity(v)))
            return "a quantity is impossible";
        return Problem(property.Value);
    }

    /// <summary>The values of a map, or a single value; empty for null.</summary>
    private static IEnumerable<JsonElement> Values(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject().Select(p => p.Value),
            JsonValueKind.Null => [],
            _ => [json],
        };

    private static bool IsQuantity(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
            return json.ValueKind is not JsonValueKind.Null;
        var text = json.GetString()!;
        var exponent = text.IndexOfAny(['e', 'E']);
        return text.Length <= LongestQuantity
            && (exponent < 0 || text[exponent..].Count(char.IsAsciiDigit) <= MostExponentDigits);
    }
}
