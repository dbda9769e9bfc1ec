using System.Net;
using System.Net.Sockets;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>
/// Connects to the first of several addresses that answers (RFC 8305, "happy eyeballs"). .NET tries them one after the
/// other, and a dead address costs the kernel's timeout of two minutes.
/// </summary>
internal static class AddressRace
{
    /// <summary>RFC 8305's recommended Connection Attempt Delay.</summary>
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <summary>Connects to a name or an address.</summary>
    /// <exception cref="SocketException">None answers: the last one's failure.</exception>
    public static async Task<Socket> Connect(string host, int port, TimeProvider time, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var address))
            return await Open(address, port, cancel);
        return await Connect(
            AddressOrder.Alternating(await Dns.GetHostAddressesAsync(host, cancel)),
            port,
            time,
            cancel
        );
    }

    /// <summary>Connects to the first of these that answers; each one has a start of 250 ms before the next.</summary>
    public static async Task<Socket> Connect(
        IReadOnlyList<IPAddress> addresses,
        int port,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        if (addresses.Count == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waiting = new Queue<IPAddress>(addresses);
        var tries = new List<Task<Socket>>();
        Exception? failure = null;
        try
        {
            while (waiting.Count > 0 || tries.Count > 0)
            {
                if (waiting.TryDequeue(out var next))
                    tries.Add(Open(next, port, end.Token));
                if (await Winner(tries, waiting.Count > 0, e => failure = e, time, cancel) is { } won)
                    return won;
            }
        }
        finally
        {
            await end.CancelAsync();
            foreach (var late in tries)
            {
                _ = late.ContinueWith(
                    Close,
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default
                );
            }
        }

        throw failure!;
    }

    /// <summary>
    /// The connection, or null to start the next address: after the delay, or immediately if a connection failed.
    /// </summary>
    private static async Task<Socket?> Winner(
        List<Task<Socket>> tries,
        bool more,
        Action<Exception> failed,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var stagger = Task.Delay(more ? Stagger : Timeout.InfiniteTimeSpan, time, turn.Token);
        var first = await Task.WhenAny([.. tries, stagger]);
        await turn.CancelAsync();
        if (first is not Task<Socket> ended)
        {
            cancel.ThrowIfCancellationRequested();
            return null;
        }

        tries.Remove(ended);
        try
        {
            return await ended;
        }
        catch (SocketException e)
        {
            failed(e);
            return null;
        }
    }

    private static async Task<Socket> Open(IPAddress address, int port, CancellationToken cancel)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancel);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes a connection that was not the first.</summary>
    private static void Close(Task<Socket> late)
    {
        if (late.IsCompletedSuccessfully)
            late.Result.Dispose();
        else
            _ = late.Exception; // Observed.
    }
}
