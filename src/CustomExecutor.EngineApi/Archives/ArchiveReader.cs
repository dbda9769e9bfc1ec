using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>Reads the tarball of <c>docker load</c> into the store, entry by entry.</summary>
internal static class ArchiveReader
{
    /// <summary>Compressions that docker reads by itself and the framework does not.</summary>
    private static readonly (byte[] Magic, string Name, string Program)[] Unread =
    [
        ([0x28, 0xb5, 0x2f, 0xfd], "zstd", "zstd -dc"),
        ([0xfd, 0x37, 0x7a, 0x58], "xz", "xz -dc"),
        ([0x42, 0x5a, 0x68], "bzip2", "bzip2 -dc"),
    ];

    /// <summary>Stores each file by its digest; the lease keeps them.</summary>
    /// <param name="body">The tarball, plain or compressed with gzip.</param>
    /// <param name="store">Where the content goes.</param>
    /// <param name="lease">Keeps it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="EngineException">It is no tarball of images, or too large.</exception>
    public static async Task<ArchiveContents> Read(
        Stream body,
        ImageStore store,
        StoreLease lease,
        CancellationToken cancellation
    )
    {
        var plain = await Plain(body, cancellation);
        var tar = new TarStream(plain);
        var contents = new ArchiveContents();
        while (await tar.Next(cancellation) is { } entry)
        {
            switch (entry.Type)
            {
                case '5':
                    _ = ArchivePath.Of(entry.Name);
                    break;
                case '1' or '2':
                    contents.AddLink(entry.Name, entry.Link, isHard: entry.Type == '1');
                    break;
                default:
                    using (var writer = store.Blobs.Create())
                    {
                        await writer.Append(tar, written: null, cancellation);
                        contents.AddFile(entry.Name, store.Keep(writer, lease));
                    }

                    break;
            }
        }

        return contents;
    }

    private static async Task<Stream> Plain(Stream body, CancellationToken cancellation)
    {
        var start = new byte[4];
        var read = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        var whole = new PrefixedStream(start.AsMemory(0, read), body);
        foreach (var (magic, name, program) in Unread)
        {
            if (start.AsSpan(0, read).StartsWith(magic))
            {
                throw EngineException.Invalid(
                    $"the archive is compressed with {name}, which is not read here: {program} FILE | docker load"
                );
            }
        }

        return IsGzip(start.AsSpan(0, read)) ? new BoundedGunzip(whole) : whole;
    }

    /// <summary>Whether content begins as gzip does.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_prefix.IsEmpty)
                return rest.ReadAsync(buffer, cancellationToken);
            var length = Math.Min(buffer.Length, _prefix.Length);
            _prefix[..length].CopyTo(buffer);
            _prefix = _prefix[length..];
            return new(length);
        }
    }
}
