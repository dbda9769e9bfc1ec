using System.Net.WebSockets;
using CustomExecutor.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Kubernetes.Exec;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Whether the builder in the job's pod still runs: its container takes a command. The pod's status says so a
/// second later.</summary>
internal sealed class PodBuilderConnection(ClusterClient client, ExecTarget builder, TimeProvider time)
    : IBuilderConnection
{
    private static readonly TimeSpan ForALostNode = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private bool _hasTried;

    public async Task<ConnectionTry> Try(CancellationToken end)
    {
        if (_hasTried)
            await Task.Delay(BetweenTries, time, end);
        _hasTried = true;
        var answers = await Answers(ForALostNode, end);
        return new ConnectionTry(answers, answers);
    }

    public async Task<bool> Answers(TimeSpan within, CancellationToken end)
    {
        using var bound = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, bound.Token);
        try
        {
            using var session = await ExecSession.Open(client, builder, ["true"], either.Token);
            while (await session.Read(either.Token) is not null) { }
            return session.Status?.ExitCode is 0 or 126 or 127 || session.Status?.IsMissingCommand == true;
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or WebSocketException || ApiFaultReader.Of(e) is not null)
        {
            return false;
        }
    }
}
