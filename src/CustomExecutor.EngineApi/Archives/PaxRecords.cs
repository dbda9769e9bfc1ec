using System.Globalization;
using System.Text;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>
/// The records <c>LENGTH KEY=VALUE\n</c> of a pax header (POSIX, <c>pax</c>): what the next entry's own header can't
/// say.
/// </summary>
/// <param name="Path">The name, or null.</param>
/// <param name="LinkPath">What it links to, or null.</param>
/// <param name="Size">Bytes, or null.</param>
internal sealed record PaxRecords(string? Path, string? LinkPath, long? Size)
{
    /// <exception cref="EngineException">They are malformed, or of a sparse file.</exception>
    public static PaxRecords Parse(ReadOnlySpan<byte> text)
    {
        var records = new PaxRecords(null, null, null);
        while (text.Length > 0)
        {
            var blank = text.IndexOf((byte)' ');
            if (
                blank is < 1 or > 9
                || !int.TryParse(text[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= blank + 1
                || length > text.Length
                || text[length - 1] != (byte)'\n'
            )
            {
                throw Malformed();
            }

            var record = text[(blank + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 1)
                throw Malformed();
            records = records.With(
                Encoding.UTF8.GetString(record[..equals]),
                Encoding.UTF8.GetString(record[(equals + 1)..])
            );
            text = text[length..];
        }

        return records;
    }

    private PaxRecords With(string key, string value) =>
        key switch
        {
            "path" => this with { Path = value },
            "linkpath" => this with { LinkPath = value },
            "size" => this with
            {
                Size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                    ? size
                    : throw Malformed(),
            },
            _ when key.StartsWith("GNU.sparse.", StringComparison.Ordinal) => throw TarStream.Sparse(),
            _ => this,
        };

    private static EngineException Malformed() =>
        EngineException.Invalid("the archive is damaged: a pax header is malformed");
}
