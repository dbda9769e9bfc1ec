using System.Security.Cryptography;
using System.Text;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>Keeps the hash of what is written to it.</summary>
internal sealed class HashedLines : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    /// <summary>How long each write takes.</summary>
    public TimeSpan Delay { get; init; }

    public string Hash => Convert.ToHexString(_hash.GetCurrentHash());

    public override long Length => _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>The hash of so many bytes of a line that is repeated.</summary>
    public static string Of(string line, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, 10_000)));
        for (var left = length; left > 0; left -= lines.Length)
            hash.AppendData(lines, 0, (int)Math.Min(left, lines.Length));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        _hash.AppendData(buffer.Span);
        _length += buffer.Length;
        if (Delay > TimeSpan.Zero)
            await Task.Delay(Delay, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
