using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CustomExecutor.Testing.Faults;

/// <summary>The proxy's TCP side: relays bytes between the driver and the proxy's HTTP side, and can refuse, reset and
/// freeze connections.</summary>
internal sealed class TcpFront : IAsyncDisposable
{
    private readonly int _target;

    /// <summary>Keeps the port while nobody listens at it, or else another test's server may get it.</summary>
    private readonly Socket _port = Bind(0);

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<int, Socket> _drivers = new();
    private Socket _listener;
    private volatile TaskCompletionSource _flows = Flowing();
    private int _toAbort;
    private int _generation;

    private TcpFront(int target)
    {
        _target = target;
        Port = ((IPEndPoint)_port.LocalEndPoint!).Port;
        _listener = Listen(Port);
        _ = Accept(_listener);
    }

    public int Port { get; }

    /// <summary>How many connections came about.</summary>
    public int Connections { get; private set; }

    public static TcpFront Start(int target) => new(target);

    /// <summary>The next connections are reset when the client has begun its TLS handshake.</summary>
    public void AbortHandshakes(int connections) => _toAbort = connections;

    /// <summary>Nobody listens any more, and what is open is reset: the server restarts.</summary>
    public void Close()
    {
        _listener.Dispose();
        ResetAll();
    }

    /// <summary>Listens again at the same port.</summary>
    public void Open()
    {
        _listener = Listen(Port);
        _ = Accept(_listener);
    }

    /// <summary>No byte moves any more on the connections there are, and none is closed: a half-open connection. New
    /// ones work.</summary>
    public void FreezeAll()
    {
        _flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _generation);
    }

    /// <summary>Resets the connection that reaches the HTTP side from this port.</summary>
    public void Reset(int fromPort)
    {
        if (_drivers.TryRemove(fromPort, out var driver))
            Kill(driver);
    }

    public void ResetAll()
    {
        foreach (var port in _drivers.Keys)
            Reset(port);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _port.Dispose();
        ResetAll();
        _end.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flows = new TaskCompletionSource();
        flows.SetResult();
        return flows;
    }

    private static Socket Listen(int port)
    {
        var socket = Bind(port);
        socket.Listen();
        return socket;
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static void Kill(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0); // RST
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }

    private async Task Accept(Socket listener)
    {
        try
        {
            while (true)
                _ = Relay(await listener.AcceptAsync(_end.Token));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task Relay(Socket driver)
    {
        using var proxy = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Connections++;
            if (Interlocked.Decrement(ref _toAbort) >= 0)
            {
                await driver.ReceiveAsync(new byte[64], _end.Token);
                Kill(driver);
                return;
            }

            (driver.NoDelay, proxy.NoDelay) = (true, true);
            await proxy.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            _drivers[((IPEndPoint)proxy.LocalEndPoint!).Port] = driver;
            var born = _generation;
            await Task.WhenAny(Pump(driver, proxy, born), Pump(proxy, driver, born));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone.
        }

        driver.Dispose();
    }

    private async Task Pump(Socket from, Socket to, int born)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _end.Token)) > 0)
            {
                if (born != _generation)
                    await _flows.Task.WaitAsync(_end.Token);
                await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone.
        }
    }
}
