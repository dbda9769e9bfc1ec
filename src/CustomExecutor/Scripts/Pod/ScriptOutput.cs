namespace CustomExecutor.Scripts.Pod;

/// <summary>A script's output, between whose lines somebody else may write to the job log.</summary>
/// <param name="output">Where it goes.</param>
internal sealed class ScriptOutput(Stream output) : Stream
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isWithinLine;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has somebody write while the script does not.</summary>
    /// <param name="write">Gets whether the last line has no end yet, and returns it.</param>
    public async Task Between(Func<bool, bool> write)
    {
        await _turn.WaitAsync();
        try
        {
            _isWithinLine = write(_isWithinLine);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (buffer.IsEmpty)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await output.WriteAsync(buffer, cancellationToken);
            _isWithinLine = buffer.Span[^1] != (byte)'\n';
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            output.Dispose();
            _turn.Dispose();
        }

        base.Dispose(disposing);
    }
}
