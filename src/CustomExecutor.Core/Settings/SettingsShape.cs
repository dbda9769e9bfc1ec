using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CustomExecutor.Core.Settings;

/// <summary>Checks a settings file against the shape of the settings' types, and reads the values that match.</summary>
/// <remarks>
/// Each call of the driver reads the settings. The serializer would prepare the types of all settings to read one; this
/// class only asks for the types of the keys that the file has.
/// </remarks>
internal sealed class SettingsShape(SettingsMistakes mistakes)
{
    private readonly Dictionary<Type, JsonTypeInfo> _types = [];

    /// <summary>
    /// The settings that match the shape. A value that does not match is a mistake and is treated as omitted.
    /// </summary>
    public static DriverSettings Read(JsonElement root, SettingsMistakes mistakes)
    {
        var shape = new SettingsShape(mistakes);
        var type = shape.TypeOf(typeof(DriverSettings));
        if (!shape.TryFit(root, type, nullable: false, "", out var node))
            return new DriverSettings();
        try
        {
            return (DriverSettings)shape.Create(type, node!.AsObject());
        }
        catch (JsonException e)
        {
            // No known input gets here. If one does, a message is better than a stack trace.
            mistakes.Add(e.Path?.TrimStart('$', '.') ?? "", DisplayText.Of(e.Message, 400));
            return new DriverSettings();
        }
    }

    /// <summary>The settings of a section, with defaults for the keys that it omits.</summary>
    private object Create(JsonTypeInfo type, JsonObject members)
    {
        var settings = type.CreateObject!();
        foreach (var property in type.Properties)
        {
            if (!members.TryGetPropertyValue(property.Name, out var value))
                continue;
            var content = value is null ? null : TypeOf(property.PropertyType);
            property.Set!(
                settings,
                content is { Kind: JsonTypeInfoKind.Object } ? Create(content, value!.AsObject())
                    : content is null ? null
                    : value.Deserialize(content)
            );
        }

        return settings;
    }

    /// <summary>
    /// Copies the value without the parts that do not match; false if the value itself does not match.
    /// </summary>
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
            JsonTypeInfoKind.Dictionary => FitDictionary(value, TypeOf(type.ElementType!), path),
            JsonTypeInfoKind.Enumerable => FitList(value, TypeOf(type.ElementType!), path),
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
            else if (TryFit(content, TypeOf(known.PropertyType), known.IsSetNullable, at, out var node))
                fitting[name] = node;
        }

        return fitting;
    }

    private JsonObject FitDictionary(JsonElement value, JsonTypeInfo type, string path)
    {
        var fitting = new JsonObject();
        foreach (var (name, content) in Members(value, path))
        {
            // The key is kept, so that it is checked even if its value is wrong.
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
                mistakes.Add(path, "a key has half of a character (a \\u escape of an unpaired surrogate)");
                continue;
            }

            times[name] = times.GetValueOrDefault(name) + 1;
            if (times[name] == 2)
                mistakes.Add(KeyPath.Of(path, name), "the key occurs more than once; keep one");
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

    private JsonTypeInfo TypeOf(Type type)
    {
        if (!_types.TryGetValue(type, out var known))
        {
            // Not from the options: they return it with the types of all its properties.
            known = ((IJsonTypeInfoResolver)SettingsJson.Default).GetTypeInfo(type, SettingsJson.Default.Options)!;
            _types.Add(type, known);
        }

        return known;
    }
}
