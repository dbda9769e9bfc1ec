using System.Net.WebSockets;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Kubernetes.Connection;
using k8s.Autorest;

namespace CustomExecutor.Kubernetes.Exec;

/// <summary>A part of a channel's bytes.</summary>
/// <param name="Channel">See <see cref="ExecChannel"/>.</param>
/// <param name="Bytes">Valid until the next one is read.</param>
internal readonly record struct ExecPart(byte Channel, ReadOnlyMemory<byte> Bytes);

/// <summary>One command in a container, over one connection. It does not end with it.</summary>
internal sealed class ExecSession : IDisposable
{
    private const int LongestMessage = 32 * 1024;

    private readonly WebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _status = new();
    private byte _channel;
    private bool _begins = true;

    private ExecSession(WebSocket socket) => _socket = socket;

    /// <summary>How it ended, once the server has told it.</summary>
    public ExecStatus? Status { get; private set; }

    /// <summary>Executes the command.</summary>
    /// <exception cref="HttpOperationException">The server refuses.</exception>
    public static async Task<ExecSession> Open(
        ClusterClient client,
        ExecTarget target,
        IEnumerable<string> command,
        CancellationToken cancel
    ) => new(await ExecHandshake.Open(client, target.PathOf(command), cancel));

    /// <summary>Writes to the command's stdin. Nobody else may write at the time.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var message = new byte[Math.Min(LongestMessage, bytes.Length) + 1];
        message[0] = ExecChannel.Stdin;
        for (var at = 0; at < bytes.Length; at += LongestMessage)
        {
            var part = bytes[at..Math.Min(at + LongestMessage, bytes.Length)];
            part.CopyTo(message.AsMemory(1));
            try
            {
                await _socket.SendAsync(
                    message.AsMemory(0, part.Length + 1),
                    WebSocketMessageType.Binary,
                    endOfMessage: true,
                    cancel
                );
            }
            catch (WebSocketException e)
            {
                throw new IOException(e.Message, e);
            }
        }
    }

    /// <summary>The next bytes of stdout or stderr; null at the end of the stream, which need not be the
    /// command's.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<ExecPart?> Read(CancellationToken cancel)
    {
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await _socket.ReceiveAsync(_buffer.AsMemory(), cancel);
            }
            catch (WebSocketException e)
            {
                throw new IOException(e.Message, e);
            }

            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            var bytes = _buffer.AsMemory(0, received.Count);
            if (_begins && bytes.Length > 0)
                (_channel, bytes, _begins) = (bytes.Span[0], bytes[1..], false);
            if (received.EndOfMessage)
                _begins = true;
            if (_channel == ExecChannel.Error)
                Take(bytes, received.EndOfMessage);
            else if (bytes.Length > 0)
                return new ExecPart(_channel, bytes);
        }
    }

    public void Dispose()
    {
        // Without the closing handshake: nobody waits for it.
        _socket.Abort();
        _socket.Dispose();
        _status.Dispose();
    }

    private void Take(ReadOnlyMemory<byte> bytes, bool last)
    {
        // v4 sends empty messages when a channel is opened.
        if (_status.Length < LongestMessage)
            _status.Write(bytes.Span);
        if (last && _status.Length > 0)
            Status ??= ExecStatus.Parse(_status.ToArray());
    }
}
