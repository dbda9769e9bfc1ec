using System.Text;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>
/// A header with several lines. .NET joins the values of a header with commas, but each <c>Impersonate-Group</c> needs
/// its own line: the API server would read "a, b" as one group. So .NET gets the values as one string, and this
/// encoding starts a new line between two values. Only for HTTP/1.1. Values are UTF-8, as in Go.
/// </summary>
internal sealed class RepeatedHeader(string name) : Encoding
{
    /// <summary>In Unicode's private use area, so it does not occur in names.</summary>
    private const char Separator = '\uE000';

    private readonly byte[] _newLine = UTF8.GetBytes($"\r\n{name}: ");

    /// <summary>Whether a text is a valid value.</summary>
    public static bool IsValue(string value) => !value.AsSpan().ContainsAny(['\r', '\n', '\0', Separator]);

    /// <summary>Joins the values into one string.</summary>
    public static string Join(IEnumerable<string> values) => string.Join(Separator, values);

    public override int GetByteCount(char[] chars, int index, int count) => Bytes(chars.AsSpan(index, count)).Length;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        var encoded = Bytes(chars.AsSpan(charIndex, charCount));
        encoded.CopyTo(bytes, byteIndex);
        return encoded.Length;
    }

    public override int GetMaxByteCount(int charCount) =>
        charCount * Math.Max(UTF8.GetMaxByteCount(1), _newLine.Length);

    public override int GetCharCount(byte[] bytes, int index, int count) => UTF8.GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        UTF8.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxCharCount(int byteCount) => UTF8.GetMaxCharCount(byteCount);

    private byte[] Bytes(ReadOnlySpan<char> text)
    {
        using var bytes = new MemoryStream();
        foreach (var part in text.Split(Separator))
        {
            if (part.Start.Value > 0)
                bytes.Write(_newLine);
            bytes.Write(UTF8.GetBytes(text[part].ToArray()));
        }

        return bytes.ToArray();
    }
}
