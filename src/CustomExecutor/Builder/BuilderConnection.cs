using System.Net;
using System.Net.Sockets;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;

namespace CustomExecutor.Builder;

/// <summary>Whether a builder in use still takes connections.</summary>
/// <param name="endpoint">ADDRESS:PORT, as prepare has noted it.</param>
/// <param name="log">For what the admin should know.</param>
/// <param name="time">The clock.</param>
internal sealed class BuilderConnection(string? endpoint, StageLog log, TimeProvider time)
{
    /// <summary>One whose node is in trouble may need the second or third packet: TCP sends them after 1 and 3
    /// s.</summary>
    private static readonly TimeSpan ForALostNode = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private bool _hasTried;

    /// <summary>A try on a node that may be lost, after a pause if it is not the first.</summary>
    public async Task<ConnectionTry> Try(CancellationToken end)
    {
        if (_hasTried)
            await Task.Delay(BetweenTries, time, end);
        _hasTried = true;
        var answers = await Answers(ForALostNode, end);
        return new ConnectionTry(answers, answers);
    }

    /// <summary>Whether it takes a connection within some time.</summary>
    public async Task<bool> Answers(TimeSpan within, CancellationToken end)
    {
        if (!IPEndPoint.TryParse(endpoint ?? "", out var address))
            return true;
        using var bound = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, bound.Token);
        using var socket = Open(address.AddressFamily);
        // A driver that can't open a socket (no descriptor is left) knows nothing of the builder.
        if (socket is null)
            return true;
        try
        {
            await socket.ConnectAsync(address, either.Token);
            return true;
        }
        catch (Exception e)
            when (e is SocketException || (e is OperationCanceledException && !end.IsCancellationRequested))
        {
            return false;
        }
    }

    private Socket? Open(AddressFamily family)
    {
        try
        {
            return new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException e)
        {
            log.Admin.Warning(e, "The builder can't be dialled");
            return null;
        }
    }
}
