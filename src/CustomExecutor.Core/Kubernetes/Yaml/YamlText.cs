using System.Text;

namespace CustomExecutor.Core.Kubernetes.Yaml;

/// <summary>The text of a YAML file's bytes: UTF-8, or UTF-16 with a byte order mark, as in YAML 1.1.</summary>
internal static class YamlText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a file's bytes.</summary>
    /// <exception cref="YamlSyntaxException">It is not text, or has characters that YAML does not allow.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        string text;
        try
        {
            text = bytes switch
            {
                [0xEF, 0xBB, 0xBF, .. var rest] => Utf8.GetString(rest),
                [0xFF, 0xFE, .. var rest] => new UnicodeEncoding(
                    bigEndian: false,
                    byteOrderMark: false,
                    throwOnInvalidBytes: true
                ).GetString(rest),
                [0xFE, 0xFF, .. var rest] => new UnicodeEncoding(
                    bigEndian: true,
                    byteOrderMark: false,
                    throwOnInvalidBytes: true
                ).GetString(rest),
                _ => Utf8.GetString(bytes),
            };
        }
        catch (DecoderFallbackException)
        {
            throw new YamlSyntaxException("the file is not UTF-8 text (or UTF-16 with a byte order mark)");
        }

        var line = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n')
                line++;
            if (!IsPrintable(rune.Value))
                throw new YamlSyntaxException($"line {line} has a control character, which YAML does not allow");
        }

        return text;
    }

    /// <summary>YAML 1.1's c-printable, except a byte order mark inside the text, which go-yaml rejects.</summary>
    private static bool IsPrintable(int c) =>
        c
            is '\t'
                or '\n'
                or '\r'
                or 0x85
                or (>= 0x20 and <= 0x7E)
                or (>= 0xA0 and <= 0xD7FF)
                or (>= 0xE000 and <= 0xFFFD and not 0xFEFF)
                or >= 0x10000;
}
