using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>
/// Reads a hostile tar entry by entry; as a stream it is the current entry's content. The framework's reader holds a
/// pax header of any
/// size in memory; this one holds no more than 64 KiB.
/// </summary>
/// <param name="source">The archive.</param>
internal sealed class TarStream(Stream source) : ReadOnlyStream
{
    private const int LongestHeader = 64 * 1024;
    private const int LongestName = 4096;

    /// <summary>Images have some hundred.</summary>
    private const int MostEntries = 20_000;

    private readonly byte[] _block = new byte[TarHeader.BlockBytes];
    private long _left;
    private long _padding;
    private int _entries;

    /// <summary>The next entry of a file, directory or link; null at the end.</summary>
    /// <exception cref="EngineException">The archive is damaged or holds what no image holds.</exception>
    public async Task<TarHeader?> Next(CancellationToken cancellation)
    {
        var pax = new PaxRecords(null, null, null);
        while (true)
        {
            await Skip(_left + _padding, cancellation);
            (_left, _padding) = (0, 0);
            // Some writers leave the two blocks of zeros at the end out.
            if (!await Fill(_block, mayEnd: true, cancellation) || TarHeader.Read(_block) is not { } header)
                return null;
            if (++_entries > MostEntries)
            {
                throw EngineException.Invalid(
                    $"the archive has more than {MostEntries} entries; an image has some hundred"
                );
            }

            switch (header.Type)
            {
                case 'x':
                    pax = PaxRecords.Parse(await Extension(header, cancellation));
                    continue;
                case 'g':
                    _ = PaxRecords.Parse(await Extension(header, cancellation));
                    continue;
                case 'L':
                    pax = pax with { Path = TarHeader.Text(await Extension(header, cancellation)) };
                    continue;
                case 'K':
                    pax = pax with { LinkPath = TarHeader.Text(await Extension(header, cancellation)) };
                    continue;
                case 'S':
                    throw Sparse();
            }

            header = header with
            {
                Name = pax.Path ?? header.Name,
                Link = pax.LinkPath ?? header.Link,
                Size = pax.Size ?? header.Size,
            };
            Check(header);
            Expect(header.Size);
            return header;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
            return 0;
        var read = await source.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        if (read == 0)
            throw TooShort();
        _left -= read;
        return read;
    }

    public static EngineException Sparse() =>
        EngineException.Invalid("the archive holds a sparse file, which images do not have");

    private static EngineException TooShort() => EngineException.Invalid("the archive ends too early: it was cut off");

    private static void Check(TarHeader header)
    {
        if (header.Name.Length > LongestName || header.Link.Length > LongestName)
            throw EngineException.Invalid($"the archive holds a name of more than {LongestName} characters");
        if (header.Type is not ('0' or '\0' or '7' or '1' or '2' or '5'))
        {
            throw EngineException.Invalid(
                $"the archive's entry \"{DisplayText.Of(header.Name)}\" is neither file, directory nor link (type "
                    + $"{(int)header.Type})"
            );
        }
    }

    private void Expect(long size)
    {
        _left = size;
        _padding = (TarHeader.BlockBytes - size % TarHeader.BlockBytes) % TarHeader.BlockBytes;
    }

    private async Task<byte[]> Extension(TarHeader header, CancellationToken cancellation)
    {
        if (header.Size > LongestHeader)
            throw EngineException.Invalid($"the archive has an extended header of {header.Size} bytes");
        var text = new byte[header.Size];
        await Fill(text, mayEnd: false, cancellation);
        Expect(header.Size);
        _left = 0;
        return text;
    }

    private async Task<bool> Fill(byte[] bytes, bool mayEnd, CancellationToken cancellation)
    {
        var read = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (read == 0 && mayEnd && bytes.Length > 0)
            return false;
        return read == bytes.Length ? true : throw TooShort();
    }

    private async Task Skip(long bytes, CancellationToken cancellation)
    {
        var rest = new byte[Math.Min(bytes, LongestHeader)];
        while (bytes > 0)
        {
            var read = await source.ReadAsync(rest.AsMemory(0, (int)Math.Min(rest.Length, bytes)), cancellation);
            if (read == 0)
                throw TooShort();
            bytes -= read;
        }
    }
}
