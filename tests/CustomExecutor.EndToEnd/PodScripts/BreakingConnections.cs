using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CustomExecutor.Core.Settings;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>TCP connections to the real API server that break as a spec wants.</summary>
internal sealed class BreakingConnections : IDisposable
{
    private readonly TemporaryDirectory _temp = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, bool> _clients = new();
    private readonly Uri _server;
    private readonly string _kubeconfig;
    private readonly TaskCompletionSource _never = new();
    private TcpListener _listener;
    private volatile bool _frozen;

    public BreakingConnections()
    {
        var kubeconfig = File.ReadAllText(Node.Settings.Kubernetes.Kubeconfig!);
        _server = Node.Client.BaseUri;
        Port = FreePort.On(IPAddress.Loopback);
        _listener = Listen(Port);
        _kubeconfig = Path.Join(_temp.Path, "kubeconfig");
        var address = $"{_server.Scheme}://{_server.Authority}";
        File.WriteAllText(
            _kubeconfig,
            kubeconfig.Replace(
                $"\"{address}\"",
                $"\"https://127.0.0.1:{Port}\", tls-server-name: \"{_server.Host}\"",
                StringComparison.Ordinal
            )
        );
        File.SetUnixFileMode(_kubeconfig, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>After how many bytes from the server a connection breaks, by its number from 0 on; TLS and its
    /// handshake count.</summary>
    public Func<int, long> DownBytes { get; init; } = _ => long.MaxValue;

    /// <summary>The same for bytes to the server.</summary>
    public Func<int, long> UpBytes { get; init; } = _ => long.MaxValue;

    /// <summary>How long a connection lives.</summary>
    public Func<int, TimeSpan> Life { get; init; } = _ => Timeout.InfiniteTimeSpan;

    /// <summary>How many connections there were.</summary>
    public int Count => _count;

    private int Port { get; }

    private int _count;

    /// <summary>A client over these connections.</summary>
    public ClusterClient Client() =>
        ClusterAccess.Open(new KubernetesSettings { Kubeconfig = _kubeconfig }, TimeProvider.System);

    /// <summary>No byte moves any more on the connections there are, and none is closed.</summary>
    public void Freeze() => _frozen = true;

    /// <summary>New connections work again; frozen ones stay so.</summary>
    public void Thaw()
    {
        _clients.Clear();
        _frozen = false;
    }

    /// <summary>The server goes away.</summary>
    public void Close()
    {
        _listener.Dispose();
        foreach (var client in _clients.Keys)
            Break(client);
    }

    /// <summary>And comes again.</summary>
    public void Reopen() => _listener = Listen(Port);

    public void Dispose()
    {
        _end.Cancel();
        Close();
        _end.Dispose();
        _temp.Dispose();
    }

    private TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        _ = Accept(listener);
        return listener;
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
                _ = Relay(await listener.AcceptSocketAsync(_end.Token), Interlocked.Increment(ref _count) - 1);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task Relay(Socket client, int number)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            (client.NoDelay, server.NoDelay) = (true, true);
            _clients[client] = true;
            await server.ConnectAsync(_server.Host, _server.Port, _end.Token);
            await Task.WhenAny(
                Pump(client, server, UpBytes(number)),
                Pump(server, client, DownBytes(number)),
                Task.Delay(Life(number), _end.Token)
            );
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone.
        }

        Break(client);
    }

    private async Task Pump(Socket from, Socket to, long limit)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _end.Token)) > 0)
            {
                if (_frozen)
                    await _never.Task.WaitAsync(_end.Token);
                await to.SendAsync(buffer.AsMemory(0, (int)Math.Min(read, limit)), _end.Token);
                limit -= read;
                if (limit <= 0)
                    return;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone.
        }
    }

    private void Break(Socket client)
    {
        _clients.TryRemove(client, out _);
        try
        {
            client.LingerState = new LingerOption(true, 0); // RST
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        client.Dispose();
    }
}
