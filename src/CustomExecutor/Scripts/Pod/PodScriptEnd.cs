using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Ends a script by an exec of its own: the one that follows it may be broken.</summary>
internal sealed class PodScriptEnd(PodExec exec, PodScriptRequest request, StageLog? log, TimeProvider time)
{
    /// <summary>Has the script ended; its follower hears of it.</summary>
    /// <param name="following">Ends with the script.</param>
    /// <param name="over">Ends the tries.</param>
    /// <returns>Whether the script was not started yet, and now never will be.</returns>
    public async Task<bool> Run(Task following, CancellationToken over)
    {
        try
        {
            var retries = new ApiRetries(log, request.Outage, time, hasContact: true);
            using var begun = await retries.Run("end the script", Begin, over);
            if (begun.NeverStarted)
                return true;
            // Some container runtimes end a command whose connection is closed.
            await Task.WhenAny(following, Task.Delay(Timeout.InfiniteTimeSpan, time, over));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The script is over, or nobody waits any more.
        }
        catch (Exception e) when (e is DriverException or ContainerGoneException)
        {
            log?.Admin.Warning(e, "The script can't be ended");
        }

        return false;
    }

    /// <summary>Has a script ended that nobody follows, and waits for its end.</summary>
    /// <param name="cancel">Ends the wait.</param>
    public async Task RunAlone(CancellationToken cancel)
    {
        using var bound = new CancellationTokenSource(request.Grace + PodScript.AfterGrace, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, bound.Token);
        try
        {
            var retries = new ApiRetries(log, request.Outage, time, hasContact: true);
            using var begun = await retries.Run("end a script that has lost its driver", Begin, cancel);
            while (!begun.NeverStarted && await begun.Exec.Session.Read(end.Token) is not null) { }
        }
        catch (Exception e)
            when (!cancel.IsCancellationRequested
                && e is DriverException or ContainerGoneException or IOException or OperationCanceledException
            )
        {
            log?.Admin.Warning(e, "Whether the script has ended is not known");
        }
    }

    private async Task<BegunEnd> Begin(CancellationToken cancel)
    {
        var begun = await exec.Begin(PodScriptInput.End(request.Id, request.Grace), cancel);
        try
        {
            var lines = new ControlLines();
            for (var part = begun.First; part is { } next; part = await begun.Session.Read(cancel))
            {
                if (next.Channel != ExecChannel.Stderr)
                    continue;
                foreach (var line in lines.Take(next.Bytes.Span))
                {
                    if (line is ControlLine.Unstarted or ControlLine.Ending)
                        return new BegunEnd(begun, line is ControlLine.Unstarted);
                }
            }

            throw new IOException($"the exec that ends the script ended itself: {lines.OtherWords}");
        }
        catch (Exception)
        {
            begun.Dispose();
            throw;
        }
    }

    private sealed record BegunEnd(BegunExec Exec, bool NeverStarted) : IDisposable
    {
        public void Dispose() => Exec.Dispose();
    }
}
