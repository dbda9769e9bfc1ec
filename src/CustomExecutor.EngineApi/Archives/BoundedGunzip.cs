using System.IO.Compression;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>
/// Decompresses gzip of a stranger: what grows to more than 200 times its size is a bomb, not an image.
/// </summary>
internal sealed class BoundedGunzip : ReadOnlyStream
{
    private const int HighestRatio = 200;

    /// <summary>Below it the ratio does not matter.</summary>
    private const long Allowance = 256_000_000;

    private readonly CountingStream _compressed;
    private readonly GZipStream _plain;
    private long _read;

    public BoundedGunzip(Stream compressed)
    {
        _compressed = new CountingStream(compressed);
        _plain = new GZipStream(_compressed, CompressionMode.Decompress);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await _plain.ReadAsync(buffer, cancellationToken);
            _read += read;
            if (_read > Allowance && _read / HighestRatio > _compressed.Count)
            {
                throw EngineException.Invalid(
                    $"the compressed content grows to more than {HighestRatio} times its size, as no image does"
                );
            }

            return read;
        }
        catch (InvalidDataException e)
        {
            throw EngineException.Invalid($"the compressed content is damaged: {e.Message}");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _plain.Dispose();
        base.Dispose(disposing);
    }

    private sealed class CountingStream(Stream source) : ReadOnlyStream
    {
        public long Count { get; private set; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await source.ReadAsync(buffer, cancellationToken);
            Count += read;
            return read;
        }
    }
}
