using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.EngineApi.References;

/// <summary>
/// The SHA-256 of some content, written <c>sha256:HEX</c>. Docker and BuildKit write no other algorithm.
/// </summary>
/// <param name="Hex">64 lower-case hexadecimal digits.</param>
[JsonConverter(typeof(DigestJson))]
public readonly record struct Digest(string Hex)
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Twelve digits, as docker shows an id.</summary>
    public string ShortHex => Hex[..12];

    /// <summary>The digest of bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));

    /// <summary>Reads <c>sha256:HEX</c>. The result is safe as a file's name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        return TryParseHex(text[Prefix.Length..], out digest);
    }

    /// <summary>Reads the 64 digits alone.</summary>
    public static bool TryParseHex(string hex, out Digest digest)
    {
        digest = default;
        if (hex.Length != 64 || !IsHex(hex))
            return false;
        digest = new Digest(hex);
        return true;
    }

    /// <summary>Whether the text has lower-case hexadecimal digits alone.</summary>
    public static bool IsHex(string text) => !text.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary><c>sha256:HEX</c>.</summary>
    public override string ToString() => Prefix + Hex;
}

/// <summary>A digest in JSON is its text; a text that is none is a <see cref="JsonException"/>.</summary>
internal sealed class DigestJson : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("A digest is \"sha256:\" and 64 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
