using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CustomExecutor.Core.Settings;

/// <summary>Compares a settings file with the shape of the settings' types and reads what has it.</summary>
internal sealed class SettingsShape(SettingsMistakes mistakes)
{
    /// <summary>The settings as far as the file has their shape; what has not is a mistake and read as if it were left
    /// out.</summary>
    public static DriverSettings Read(JsonElement root, SettingsMistakes mistakes)
    {
        var type = SettingsJson.Default.DriverSettings;
        var fitting = new SettingsShape(mistakes).TryFit(root, type, nullable: false, "", out var node)
            ? node
            : new JsonObject();
        try
        {
            return fitting.Deserialize(type) ?? new DriverSettings();
        }
        catch (JsonException e)
        {
            // Nothing is known to come here; were it so, a sentence is better than a stack trace.
            mistakes.Add(e.Path?.TrimStart('$', '.') ?? "", DisplayText.Of(e.Message, 400));
            return new DriverSettings();
        }
    }

    /// <summary>A copy of the value with all that does not fit left out, or false if it is of another shape
    /// altogether.</summary>
    private bool TryFit(JsonElement value, JsonTypeInfo type, bool nullable, string path, out JsonNode? fitting)
    {
        fitting = null;
        if (value.ValueKind == JsonValueKind.Null && nullable)
            return true;
        if (SettingsLeaf.Mismatch(value, type) is { } mismatch)
        {
            mistakes.Add(path, mismatch);
            mistakes.MarkUnread(path);
            return false;
        }

        fitting = type.Kind switch
        {
            JsonTypeInfoKind.Object => FitObject(value, type, path),
            JsonTypeInfoKind.Dictionary => FitDictionary(value, TypeOf(type, type.ElementType!), path),
            JsonTypeInfoKind.Enumerable => FitList(value, TypeOf(type, type.ElementType!), path),
            _ => JsonValue.Create(value),
        };
        return true;
    }

    private JsonObject FitObject(JsonElement value, JsonTypeInfo type, string path)
    {
        var fitting = new JsonObject();
        foreach (var (name, content) in Members(value, path))
        {
            var at = KeyPath.Of(path, name);
            var known = type.Properties.FirstOrDefault(p => p.Name == name);
            if (known is null)
                Unknown(name, path, type);
            else if (TryFit(content, TypeOf(type, known.PropertyType), known.IsSetNullable, at, out var node))
                fitting[name] = node;
        }

        return fitting;
    }

    private JsonObject FitDictionary(JsonElement value, JsonTypeInfo type, string path)
    {
        var fitting = new JsonObject();
        foreach (var (name, content) in Members(value, path))
        {
            // The key stays, so that it is checked whatever its value is.
            TryFit(content, type, nullable: false, KeyPath.Of(path, name), out var node);
            fitting[name] = node;
        }

        return fitting;
    }

    private JsonArray FitList(JsonElement value, JsonTypeInfo type, string path)
    {
        var fitting = new JsonArray();
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            // A null in its place, if there can be one: the others keep their index.
            if (
                TryFit(item, type, nullable: false, SettingsMistakes.Item(path, index++), out var node)
                || !type.Type.IsValueType
            )
            {
                fitting.Add(node);
            }
        }

        return fitting;
    }

    private IEnumerable<(string Name, JsonElement Value)> Members(JsonElement value, string path)
    {
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (SettingsLeaf.NameOf(member) is not { } name)
            {
                mistakes.Add(path, "a key has half of a character (a \\u escape of a surrogate without the other)");
                continue;
            }

            times[name] = times.GetValueOrDefault(name) + 1;
            if (times[name] == 2)
                mistakes.Add(KeyPath.Of(path, name), "the key is there more than once; keep one");
            yield return (name, member.Value);
        }
    }

    private void Unknown(string name, string path, JsonTypeInfo type)
    {
        var meant = NearestName.Of(name, type.Properties.Select(p => p.Name));
        if (meant is not null)
            mistakes.MarkUnread(KeyPath.Of(path, meant));
        mistakes.Add(
            KeyPath.Of(path, name),
            meant is null
                ? $"unknown key; {(path.Length == 0 ? "the file" : path)} has "
                    + $"{string.Join(", ", type.Properties.Select(p => p.Name))}"
                : $"unknown key; did you mean {meant}?"
        );
    }

    private static JsonTypeInfo TypeOf(JsonTypeInfo within, Type type) => within.Options.GetTypeInfo(type);
}
