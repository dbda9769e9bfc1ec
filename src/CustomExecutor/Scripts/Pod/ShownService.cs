using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Shows one service's log under a script. It reads the log's end again and again: no connection must last as
/// long as a script, and the last look finds all that the node has.</summary>
internal sealed class ShownService(
    string container,
    string name,
    string file,
    AttemptRecord record,
    ClusterClient client,
    ScriptOutput output,
    StageLog log,
    TimeProvider time
)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    /// <summary>The node counts a line's age when the request reaches it.</summary>
    private static readonly TimeSpan Overlap = LongestLook;

    private readonly BuilderPods _pods = new(client, record.Namespace, ApiRetries.None(time, LongestLook));

    /// <summary>Looks until the script is over, and once more.</summary>
    /// <param name="over">The script is over.</param>
    /// <param name="end">Nobody waits any longer.</param>
    /// <returns>A warning where the author does not see it; null where all is well.</returns>
    public async Task<string?> Show(CancellationToken over, CancellationToken end)
    {
        var shown = new ServiceLog(name, ReadMark());
        long? looked = null;
        while (true)
        {
            var isLast = over.IsCancellationRequested;
            var now = time.GetTimestamp();
            string? warning = null;
            try
            {
                TimeSpan? age = looked is { } before ? time.GetElapsedTime(before) + Overlap : null;
                var text = await _pods.TimedLog(record.Builder, container, age, end);
                if (await Write(shown, text, isLast))
                    looked = now;
            }
            catch (Exception e) when (e is DriverException or OperationCanceledException or IOException)
            {
                log.Admin.Warning(e, "A service's log can't be read");
                // Others tell of a pod that is gone.
                warning =
                    e.InnerException is { } cause && ApiExceptions.IsNotFound(cause)
                        ? null
                        : $"Warning: CI_DEBUG_SERVICES: the log of service {DisplayText.Of(name)} can't be read: "
                            + Words(e);
            }

            if (isLast)
                return warning;
            await Task.Delay(BetweenLooks, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes what is new, unless the script is in the middle of a line and may yet end it.</summary>
    private async Task<bool> Write(ServiceLog shown, string text, bool isLast)
    {
        var canWrite = true;
        await output.Between(isWithinLine =>
        {
            canWrite = isLast || !isWithinLine;
            if (!canWrite || shown.New(text) is not { Count: > 0 } lines)
                return isWithinLine;
            // Not into the admin's log: what a service says is the job's.
            if (isWithinLine)
                JobLogSink.Write("");
            foreach (var line in lines)
                JobLogSink.Write(line);
            WriteMark(shown.Mark);
            return false;
        });
        return canWrite;
    }

    private static string Words(Exception e) =>
        e is OperationCanceledException ? "the API server does not answer." : DisplayText.Of(e.Message, 400);

    /// <summary>Without it, lines are rather shown twice than lost.</summary>
    private ServiceLogMark? ReadMark()
    {
        try
        {
            return ServiceLogMark.Read(PrivateFiles.Read(file));
        }
        catch (DriverException e)
        {
            log.Admin.Warning(e, "What was shown of a service's log is not known");
            return null;
        }
    }

    /// <summary>After each look, for a driver that is killed.</summary>
    private void WriteMark(ServiceLogMark? mark)
    {
        try
        {
            PrivateFiles.Write(file, $"{mark}");
        }
        catch (DriverException e)
        {
            log.Admin.Warning(e, "What was shown of a service's log can't be noted");
        }
    }
}
