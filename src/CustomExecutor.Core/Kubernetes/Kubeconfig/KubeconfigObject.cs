using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>
/// One object of a kubeconfig, read field by field by Go's rules: null counts as absent, unknown fields are ignored,
/// names are case-sensitive, and a value of another type is a mistake.
/// </summary>
internal sealed class KubeconfigObject(string file, string path, JsonObject fields, KubeconfigMistakes mistakes)
{
    /// <summary>The field's path, for messages.</summary>
    public string PathOf(string field) => KubeconfigMistakes.Path(path, field);

    /// <summary>A string; null if it is absent or empty.</summary>
    public string? Text(string field) => Text(fields[field], PathOf(field)) is { Length: > 0 } text ? text : null;

    /// <summary>A boolean; false if it is absent.</summary>
    public bool Flag(string field)
    {
        if (fields[field] is not { } value)
            return false;
        if (value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            return value.GetValue<bool>();
        mistakes.Add(file, PathOf(field), "must be true or false.");
        return false;
    }

    /// <summary>A list of strings; empty if it is absent.</summary>
    public IReadOnlyList<string> Texts(string field) => Texts(fields[field], PathOf(field));

    /// <summary>An object; null if it is absent.</summary>
    public KubeconfigObject? Object(string field) => fields[field] is { } value ? Of(value, PathOf(field)) : null;

    /// <summary>A list of objects; empty if it is absent.</summary>
    public IReadOnlyList<KubeconfigObject> Objects(string field) =>
        [.. Items(fields[field], PathOf(field)).Select(item => Of(item.Value, item.Path))];

    /// <summary>A list of <c>{name, KIND}</c> entries, each with its name. A duplicate name is a mistake.</summary>
    public IReadOnlyDictionary<string, T> Named<T>(string list, string kind, Func<KubeconfigObject, T> read)
    {
        var entries = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var entry in Objects(list))
        {
            var name = entry.Text("name") ?? "";
            var value = read(
                new KubeconfigObject(file, KubeconfigMistakes.Path(list, name), entry.ObjectOrEmpty(kind), mistakes)
            );
            if (!entries.TryAdd(name, value))
                mistakes.Add(file, KubeconfigMistakes.Path(list, name), "occurs twice. Remove one of the two.");
        }

        return entries;
    }

    /// <summary>An object whose values are lists of strings.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> TextLists(string field)
    {
        var map = Object(field)?.Fields ?? [];
        return map.ToDictionary(
            pair => pair.Key,
            IReadOnlyList<string> (pair) => Texts(pair.Value, KubeconfigMistakes.Path(PathOf(field), pair.Key)),
            StringComparer.Ordinal
        );
    }

    /// <summary>Checks an object whose values must be strings. They are not used.</summary>
    public void CheckTexts(string field)
    {
        foreach (var (key, value) in Object(field)?.Fields ?? [])
            Text(value, KubeconfigMistakes.Path(PathOf(field), key));
    }

    /// <summary>Base64-encoded bytes; null if they are absent or empty.</summary>
    public byte[]? Data(string field)
    {
        if (Text(field) is not { } text)
            return null;
        // Go's decoder skips only line breaks; .NET's skips all white space.
        var lines = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        var bytes = new byte[lines.Length];
        if (!lines.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(lines, bytes, out var length))
            return length == 0 ? null : bytes[..length];
        mistakes.Add(
            file,
            PathOf(field),
            "is not complete base64. Write it again with 'base64 -w0 FILE'; is the file complete?"
        );
        return null;
    }

    /// <summary>A list of <c>{name, extension}</c>. Only a wrong type is a mistake.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Extensions()
    {
        var extensions = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var entry in Objects("extensions"))
            extensions[entry.Text("name") ?? ""] = entry.Fields["extension"];
        return extensions;
    }

    private JsonObject Fields => fields;

    private JsonObject ObjectOrEmpty(string field) => Object(field)?.Fields ?? [];

    private KubeconfigObject Of(JsonNode? value, string at)
    {
        if (value is JsonObject map)
            return new KubeconfigObject(file, at, map, mistakes);
        if (value is not null)
            mistakes.Add(file, at, "must be a mapping (key: value).");
        return new KubeconfigObject(file, at, [], mistakes);
    }

    private IEnumerable<(JsonNode? Value, string Path)> Items(JsonNode? value, string at)
    {
        if (value is JsonArray list)
            return list.Select((item, index) => (item, $"{at}[{index}]"));
        if (value is not null)
            mistakes.Add(file, at, "must be a list.");
        return [];
    }

    private List<string> Texts(JsonNode? value, string at) =>
        [.. Items(value, at).Select(item => Text(item.Value, item.Path) ?? "")];

    private string? Text(JsonNode? value, string at)
    {
        if (value is null)
            return null;
        if (value.GetValueKind() == JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            if (!text.Contains('\0'))
                return text;
            mistakes.Add(file, at, "has a NUL character.");
            return null;
        }

        mistakes.Add(
            file,
            at,
            value.GetValueKind() switch
            {
                JsonValueKind.Number => "is a number, but must be text: put it in quotes.",
                JsonValueKind.True or JsonValueKind.False =>
                    "is true or false (as YAML reads yes, no, on, off, y, n), but must be text: put it in quotes.",
                _ => "must be text.",
            }
        );
        return null;
    }
}
