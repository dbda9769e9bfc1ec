using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CustomExecutor.Core.Settings;

/// <summary>Checks whether a JSON value has a type's kind, and explains how to correct it.</summary>
internal static class SettingsLeaf
{
    /// <summary>
    /// A member's name, or null if it is not valid text: its escapes may contain an unpaired surrogate.
    /// </summary>
    public static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The problem with a value, or null. For objects and lists, only the kind is checked, not the content.
    /// </summary>
    public static string? Mismatch(JsonElement value, JsonTypeInfo type)
    {
        var leaf = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (value.ValueKind == JsonValueKind.Null)
            return $"null, but {Expected(type, leaf)} is expected; or leave it out";
        return (type.Kind, value.ValueKind) switch
        {
            (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary, JsonValueKind.Object) => null,
            (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) => null,
            (JsonTypeInfoKind.None, JsonValueKind.String) when Text(value) is null =>
                "the text has half of a character (a \\u escape of an unpaired surrogate)",
            (JsonTypeInfoKind.None, JsonValueKind.String) when leaf.IsEnum => MismatchOfName(Text(value)!, type),
            (JsonTypeInfoKind.None, JsonValueKind.String) when leaf == typeof(string) => null,
            (JsonTypeInfoKind.None, JsonValueKind.True or JsonValueKind.False) when leaf == typeof(bool) => null,
            (JsonTypeInfoKind.None, JsonValueKind.Number) when IsWhole(leaf) => MismatchOfNumber(value, leaf),
            _ => $"{Given(value)}, but {Expected(type, leaf)} is expected{Hint(value, leaf)}",
        };
    }

    /// <summary>An enum's names in JSON.</summary>
    private static IEnumerable<string> Names(JsonTypeInfo type)
    {
        var leaf = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return Enum.GetNames(leaf)
            .Select(name => JsonSerializer.SerializeToElement(Enum.Parse(leaf, name), type).GetString()!);
    }

    private static string? MismatchOfName(string text, JsonTypeInfo type)
    {
        var names = Names(type).ToList();
        return names.Contains(text)
            ? null
            : $"{SettingsMistakes.Quoted(text)} is not one of {string.Join(", ", names)}";
    }

    private static string? MismatchOfNumber(JsonElement value, Type leaf)
    {
        if (leaf == typeof(int) ? value.TryGetInt32(out _) : value.TryGetInt64(out _))
            return null;
        var raw = value.GetRawText();
        return raw.AsSpan().IndexOfAny(".eE") >= 0
            ? $"{DisplayText.Of(raw, 40)} is not a whole number in plain digits"
            : $"{DisplayText.Of(raw, 40)} is too large a number";
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsWhole(Type leaf) => leaf == typeof(int) || leaf == typeof(long);

    private static string Given(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => $"{SettingsMistakes.Quoted(Text(value) ?? value.GetRawText())} is a string",
            JsonValueKind.Number => $"{DisplayText.Of(value.GetRawText(), 40)} is a number",
            JsonValueKind.True => "true is a boolean",
            JsonValueKind.False => "false is a boolean",
            JsonValueKind.Array => "a list ([...])",
            _ => "an object ({...})",
        };

    private static string Expected(JsonTypeInfo type, Type leaf) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object ({...})",
            JsonTypeInfoKind.Enumerable => "a list ([...])",
            _ when leaf == typeof(bool) => "true or false",
            _ when leaf.IsEnum => $"one of {string.Join(", ", Names(type))}",
            _ => IsWhole(leaf) ? "a whole number" : "a string",
        };

    private static string Hint(JsonElement value, Type leaf) =>
        value.ValueKind switch
        {
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when leaf == typeof(string) =>
                "; put it in quotes",
            JsonValueKind.String when IsWhole(leaf) && long.TryParse(Text(value), out _) => "; leave out the quotes",
            JsonValueKind.String when leaf == typeof(bool) && Text(value) is "true" or "false" =>
                "; leave out the quotes",
            _ => "",
        };
}
