using System.Net;
using System.Net.Sockets;
using CustomExecutor.Core.Builder;

namespace CustomExecutor.Testing.Cluster;

/// <summary>
/// A builder's address that swallows packets, as one behind a dropping firewall: once a listener's queue is full, Linux
/// drops what asks for more.
/// </summary>
internal sealed class PacketHole : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queue = [];

    public PacketHole()
    {
        _listener.Bind(new IPEndPoint(Address, BuilderSpec.Port));
        _listener.Listen(0);
        // One is queued for a queue of length 0; the rest make sure that nothing fits.
        for (var number = 0; number < 4; number++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                Blocking = false,
            };
            _queue.Add(client);
            try
            {
                client.Connect(Address, BuilderSpec.Port);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // Its packet is on the way.
            }
        }
    }

    public IPAddress Address { get; } = BuildkitDaemon.FreshAddress();

    public ValueTask DisposeAsync()
    {
        foreach (var client in _queue)
            client.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
