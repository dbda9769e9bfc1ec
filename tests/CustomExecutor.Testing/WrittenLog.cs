using System.Text;

namespace CustomExecutor.Testing;

/// <summary>A log in memory that can be read while it is written.</summary>
internal sealed class WrittenLog : Stream
{
    private readonly MemoryStream _bytes = new();

    public string Text
    {
        get
        {
            lock (_bytes)
                return Encoding.UTF8.GetString(_bytes.GetBuffer(), 0, (int)_bytes.Length);
        }
    }

    /// <summary>The lines so far, without those of what this machine and its user keep a script from (they have specs
    /// of their own).</summary>
    public string[] Lines =>
        [
            .. Text.TrimEnd('\n')
                .Split('\n')
                .Where(line => !line.StartsWith("The job's script ", StringComparison.Ordinal)),
        ];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _bytes.Length;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_bytes)
            _bytes.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_bytes)
            _bytes.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
