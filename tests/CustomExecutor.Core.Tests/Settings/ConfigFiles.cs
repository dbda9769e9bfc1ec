using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Settings;

/// <summary>The files that tell admins of the settings, made of the schema and so of the settings' types.</summary>
internal static class ConfigFiles
{
    public const string Schema = "config/settings.schema.json";
    public const string Example = "config/settings.json";
    public const string Reference = "config/README.md";

    /// <summary>Where the reference's table begins and ends; the prose around it is people's.</summary>
    private const string TableBegin = "<!-- Begin of the table that the tests make. -->\n";

    private const string TableEnd = "<!-- End of the table. -->\n";

    /// <summary>What a file should say.</summary>
    /// <param name="file">One of the files above.</param>
    /// <param name="current">What it says; of the reference, the prose is kept.</param>
    public static string Create(string file, string current) =>
        file switch
        {
            Schema => SettingsSchema.Create(),
            Example => $$"""
                // The settings of custom-executor, each with its default and what it means; for
                // {{DriverSettings.DefaultPath}}. A key that is left out has its default. Comments and trailing commas
                // are allowed; README.md beside this file says more.
                {
                {{Members(Properties(), "  ")}}
                }

                """,
            Reference => $"{Before(current, TableBegin)}{TableBegin}{Table()}{TableEnd}{After(current, TableEnd)}",
            _ => throw new ArgumentException(file),
        };

    private static JsonObject Properties() => JsonNode.Parse(SettingsSchema.Create())!["properties"]!.AsObject();

    private static string Members(JsonObject properties, string indent) =>
        string.Join(
            indent.Length == 2 ? "\n\n" : "\n",
            properties.Select(
                (member, i) =>
                {
                    var schema = member.Value!.AsObject();
                    var value =
                        schema["properties"] is JsonObject inner ? $"{{\n{Members(inner, indent + "  ")}\n{indent}}}"
                        : member.Key == "$schema" ? "\"./settings.schema.json\""
                        : Compact(schema["default"]);
                    return $"{Comment(schema["description"]!.ToString(), indent)}{indent}\"{member.Key}\": "
                        + $"{value}{(i < properties.Count - 1 ? "," : "")}";
                }
            )
        );

    private static string Comment(string text, string indent)
    {
        var lines = new StringBuilder();
        var line = indent + "//";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length >= 120)
            {
                lines.Append(line).Append('\n');
                line = indent + "//";
            }

            line += " " + word;
        }

        return lines.Append(line).Append('\n').ToString();
    }

    private static string Table() =>
        "\n| Key | Type | Default | Meaning |\n| --- | --- | --- | --- |\n"
        + string.Concat(Rows(Properties(), ""))
        + "\n";

    private static IEnumerable<string> Rows(JsonObject properties, string parent)
    {
        foreach (var (key, node) in properties)
        {
            var (path, schema) = (parent + key, node!.AsObject());
            var meaning = schema["description"]!
                .ToString()
                .Replace("|", "\\|", StringComparison.Ordinal)
                .Replace("*", "\\*", StringComparison.Ordinal);
            if (schema["properties"] is JsonObject section)
            {
                yield return $"| **`{path}`** | section | | {meaning} |\n";
                foreach (var row in Rows(section, path + "."))
                    yield return row;
                continue;
            }

            yield return $"| `{path}` | {Type(schema)} | "
                + $"{(schema["default"] is { } value ? $"`{Compact(value)}`" : "none")} | {meaning} |\n";
            if (schema["items"]?["properties"] is not JsonObject item)
                continue;
            foreach (var row in Rows(item, path + "[]."))
                yield return row;
        }
    }

    private static string Type(JsonObject schema)
    {
        if (schema["enum"] is JsonArray names)
            return string.Join(", ", names.Where(n => n is not null).Select(n => $"`{n}`"));
        var type = schema["type"] is JsonArray several ? several[0]!.ToString() : schema["type"]!.ToString();
        return type switch
        {
            "array" => $"list of {Type(schema["items"]!.AsObject())}s",
            "object" => schema["additionalProperties"] is JsonObject values ? $"{Type(values)}s by name" : "object",
            "integer" => "whole number",
            "boolean" => "`true`, `false`",
            _ => type,
        };
    }

    private static string Compact(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonObject { Count: > 0 } map =>
                $"{{ {string.Join(", ", map.Select(m => $"\"{m.Key}\": {Compact(m.Value)}"))} }}",
            JsonArray list => $"[{string.Join(", ", list.Select(Compact))}]",
            _ => value.ToJsonString(
                new JsonSerializerOptions
                {
                    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            ),
        };

    private static string Before(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? text[..at] : text;

    private static string After(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? text[(at + mark.Length)..] : "";
}
