using CustomExecutor.Core;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Executes scripts in containers, whatever happens to the connection meanwhile.</summary>
/// <param name="client">The cluster.</param>
/// <param name="log">Where trouble is told; null for nowhere.</param>
/// <param name="time">The clock.</param>
internal sealed class PodScript(ClusterClient client, StageLog? log, TimeProvider time)
{
    /// <summary>For SIGKILL, and for what is still on its way, after the grace.</summary>
    public static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(20);

    /// <summary>Executes the script, or goes on with one that was started already.</summary>
    /// <param name="request">The script.</param>
    /// <param name="output">Gets its output, byte for byte and nothing else.</param>
    /// <param name="cancel">Ends the script: SIGTERM, then SIGKILL. Its output comes until it has ended.</param>
    /// <exception cref="DriverException">The API server refuses, or does not answer for longer than <see
    /// cref="PodScriptRequest.Outage"/>.</exception>
    public async Task<PodScriptResult> Run(PodScriptRequest request, Stream output, CancellationToken cancel)
    {
        using var over = new CancellationTokenSource();
        var exec = new PodExec(client, request.Target);
        var following = new PodScriptFollower(exec, request, output, log, time).Run(over.Token);
        var ending = Task.CompletedTask;
        var neverStarted = false;
        await using var end = cancel.UnsafeRegister(
            _ =>
            {
                over.CancelAfter(request.Grace + AfterGrace);
                ending = End();
            },
            null
        );
        try
        {
            return await following;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return neverStarted
                ? new PodScriptResult.NeverStarted()
                : new PodScriptResult.Lost("The script does not end: it runs on in spite of SIGKILL.");
        }
        finally
        {
            await over.CancelAsync();
            await ending;
        }

        async Task End()
        {
            neverStarted = await new PodScriptEnd(exec, request, log, time).Run(following, over.Token);
            if (neverStarted)
                await over.CancelAsync();
        }
    }
}
