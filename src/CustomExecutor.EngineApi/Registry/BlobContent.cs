using System.Net;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>A part of a blob as a request's body, read from the store piece by piece.</summary>
internal sealed class BlobContent : HttpContent
{
    private readonly BlobStore _store;
    private readonly Digest _digest;
    private readonly long _offset;
    private readonly long _length;
    private readonly Action<int> _sent;

    public BlobContent(BlobStore store, Digest digest, long offset, long length, Action<int> sent)
    {
        (_store, _digest, _offset, _length, _sent) = (store, digest, offset, length, sent);
        Headers.ContentType = new("application/octet-stream");
    }

    /// <summary>Called for each piece.</summary>
    public Action Moved { get; set; } = () => { };

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        await using var blob = _store.Open(_digest);
        blob.Position = _offset;
        var piece = new byte[128 * 1024];
        for (var left = _length; left > 0; )
        {
            var read = await blob.ReadAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, left)), cancellationToken);
            if (read == 0)
                throw new EndOfStreamException();
            await stream.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            left -= read;
            _sent(read);
            Moved();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
