using System.Text;
using System.Text.Json;

namespace CustomExecutor.Core.Settings;

/// <summary>Reads the settings file and reports all its mistakes at once.</summary>
public static class SettingsReader
{
    private static readonly JsonDocumentOptions DocumentOptions = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Parses settings, with defaults for omitted keys.</summary>
    /// <param name="json">The file's whole text: JSON, optionally with comments and trailing commas.</param>
    /// <param name="source">The file's path, for the message.</param>
    /// <exception cref="DriverException">
    /// It has mistakes. The message lists them, one per line, with path, value and remedy.
    /// </exception>
    public static DriverSettings Read(string json, string source)
    {
        // The bytes are always valid UTF-8, even if the text has unpaired surrogates.
        var utf8 = Encoding.UTF8.GetBytes(json.TrimStart('\uFEFF'));
        try
        {
            using var document = JsonDocument.Parse(utf8, DocumentOptions);
            return Read(document.RootElement, source);
        }
        catch (JsonException e)
        {
            throw new DriverException(
                $"The settings file {DisplayText.Of(source)} can't be read: {SyntaxMistake(utf8, e)}",
                inner: e
            );
        }
    }

    private static DriverSettings Read(JsonElement root, string source)
    {
        // The shape is always checked, not only after the deserializer fails: the check also finds mistakes that the
        // deserializer accepts (a null in a list, an enum's number, a level in another case), and costs 0.3 ms.
        var mistakes = new SettingsMistakes();
        var settings = SettingsShape.Read(root, mistakes);
        SettingsRules.Check(settings, mistakes);
        if (mistakes.Lines.Count == 0)
            return settings;

        var count = mistakes.Lines.Count == 1 ? "a mistake" : $"{mistakes.Lines.Count} mistakes";
        throw new DriverException(
            $"The settings file {DisplayText.Of(source)} has {count}:\n  {string.Join("\n  ", mistakes.Lines)}"
        );
    }

    private static string SyntaxMistake(byte[] utf8, JsonException e)
    {
        if (utf8.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            return "it is empty; write {} to use the defaults.";
        // The parser's position is at the end of its message; it starts at 0 and counts bytes.
        var sentence = e.Message.Split(" LineNumber:")[0];
        var (line, bytes) = ((int)(e.LineNumber ?? 0), (int)(e.BytePositionInLine ?? 0));
        var start = 0;
        for (var i = 0; i < line; i++)
            start += utf8.AsSpan(start).IndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(utf8, start, Math.Min(bytes, utf8.Length - start)) + 1;
        return $"line {line + 1}, column {column}: {DisplayText.Of(sentence, 400)}";
    }
}
