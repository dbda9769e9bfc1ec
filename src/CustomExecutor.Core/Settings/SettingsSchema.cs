using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace CustomExecutor.Core.Settings;

/// <summary>
/// Generates the settings file's JSON schema, for editors, from the settings' types, descriptions and defaults.
/// </summary>
public static class SettingsSchema
{
    /// <summary>The draft with the best support in editors. The schema uses nothing newer.</summary>
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Describe,
    };

    /// <summary>Readable: writes an apostrophe as is, not as \u0027.</summary>
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of the schema file.</summary>
    public static string Create()
    {
        var type = SettingsJson.Default.DriverSettings;
        var schema = new JsonObject { ["$schema"] = Draft, ["title"] = "Settings of custom-executor" };
        foreach (var (keyword, content) in type.GetJsonSchemaAsNode(Options).AsObject())
            schema[keyword] = content?.DeepClone();
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.PropertyInfo is not { } property || schema is not JsonObject described)
            return schema;
        if (
            property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false)
            is [DescriptionAttribute description, ..]
        )
        {
            described.Insert(0, "description", description.Description);
        }

        // A section's defaults are in its keys.
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object)
            described["default"] = Default(property);
        return described;
    }

    private static JsonNode? Default(JsonPropertyInfo property)
    {
        var declaring = property.Options.GetTypeInfo(property.DeclaringType);
        var value = property.Get!(declaring.CreateObject!());
        return JsonSerializer.SerializeToNode(value, property.Options.GetTypeInfo(property.PropertyType));
    }
}
