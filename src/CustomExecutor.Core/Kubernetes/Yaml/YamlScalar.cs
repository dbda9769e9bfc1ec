using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Kubernetes.Yaml;

/// <summary>
/// The types of YAML's scalars, by the rules of go-yaml 2, which kubectl uses (YAML 1.1: <c>yes</c> is a boolean).
/// </summary>
internal static partial class YamlScalar
{
    private const string Standard = "tag:yaml.org,2002:";

    /// <summary>The JSON value of a plain scalar.</summary>
    public static JsonNode? OfPlain(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" =>
                JsonValue.Create(true),
            "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" =>
                JsonValue.Create(false),
            _ => Number(text) ?? JsonValue.Create(text),
        };

    /// <summary>The JSON value of a scalar with a tag.</summary>
    /// <exception cref="FormatException">The text does not fit the tag.</exception>
    public static JsonNode? OfTag(string tag, string text)
    {
        // A tag that is not one of YAML's does not change the text.
        if (!tag.StartsWith(Standard, StringComparison.Ordinal))
            return JsonValue.Create(text);
        var plain = OfPlain(text);
        return tag[Standard.Length..] switch
        {
            "str" or "timestamp" => JsonValue.Create(text),
            "binary" => JsonValue.Create(Encoding.UTF8.GetString(Convert.FromBase64String(text))),
            "null" when plain is null => null,
            "bool"
                when plain?.GetValueKind()
                    is System.Text.Json.JsonValueKind.True
                        or System.Text.Json.JsonValueKind.False => plain,
            "int" or "float" when plain?.GetValueKind() is System.Text.Json.JsonValueKind.Number => plain,
            _ => throw new FormatException(),
        };
    }

    private static JsonValue? Number(string text)
    {
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-' or '.'))
            return null;
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (plain.Length == 0)
            return null;
        if (Integer(plain) is { } integer)
            return integer;
        // JSON has no infinity and no NaN. kubectl's conversion fails for them; here they stay text, which only
        // extensions may have.
        return
            Float().IsMatch(plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }

    private static JsonValue? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        var (radix, rest) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, digits[2..]),
            ['0', 'b' or 'B', ..] => (2, digits[2..]),
            ['0', 'o' or 'O', ..] => (8, digits[2..]),
            ['0', _, ..] => (8, digits[1..]),
            _ => (10, digits),
        };
        if (rest.Length == 0 || !rest.All(c => Digit(c) < radix))
            return null;
        var value =
            rest.Aggregate(System.Numerics.BigInteger.Zero, (sum, c) => (sum * radix) + Digit(c)) * (negative ? -1 : 1);
        return value >= long.MinValue && value <= ulong.MaxValue
            ? value < 0
                ? JsonValue.Create((long)value)
                : JsonValue.Create((ulong)value)
            : JsonValue.Create((double)value);
    }

    private static int Digit(char c) => char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Float();
}
