using CustomExecutor.Attempt;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Gc;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host;
using CustomExecutor.Kubernetes;
using Serilog;

namespace CustomExecutor.Gc;

/// <summary>
/// A little gc beside a prepare that waits for its builder anyway: now and then, a few things, a few seconds. The
/// job neither waits for it nor fails nor hears of it. It ends with prepare wherever it is then, which gc is
/// made for.
/// </summary>
internal sealed class PrepareGc : IDisposable
{
    private const int MostRemovals = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end;
    private readonly Lock _logging = new();
    private readonly ILogger _log;
    private bool _over;

    private PrepareGc(ILogger log, TimeProvider time) =>
        (_log, _time, _end) = (log, time, new CancellationTokenSource(Longest, time));

    /// <summary>Begins, if one is due on this host and no other is at it.</summary>
    /// <param name="settings">What to look through.</param>
    /// <param name="job">The job. The runner makes other attempts' directories beside its own.</param>
    /// <param name="builders">The cluster.</param>
    /// <param name="log">The admin's log.</param>
    /// <param name="time">The clock.</param>
    public static PrepareGc Begin(
        DriverSettings settings,
        JobContext job,
        BuilderPods builders,
        ILogger log,
        TimeProvider time
    )
    {
        var gc = new PrepareGc(log, time);
        if (settings.Gc.SweepOnPrepare)
            _ = Task.Run(() => gc.Run(settings, job, builders));
        return gc;
    }

    /// <summary>Prepare ends; nothing of this is waited for.</summary>
    public void Dispose()
    {
        lock (_logging)
            _over = true;
        _end.Cancel();
    }

    private async Task Run(DriverSettings settings, JobContext job, BuilderPods builders)
    {
        try
        {
            var now = HostClock.Now(_time);
            new AttemptRecords(settings.Workspace.Root).TryLock(out var turn);
            await using var taken = turn;
            // Fifty prepares at once take turns, and all but the first find that it was just now. A new file's time is
            // now, but nothing was swept.
            if (turn is null ? !IsTurnInPod(settings, job) : !TakeTurn(turn, now))
                return;
            var report = new GcReport(
                dryRun: false,
                line => Log(l => l.Information("gc: {Line:l}", line)),
                MostRemovals
            );
            await new GcRun(settings, settings.Instance, [Path.GetDirectoryName(job.Paths.Root)!], now, report).Collect(
                () => builders,
                turn,
                _end.Token
            );
            foreach (var problem in report.Problems)
                Log(l => l.Warning("gc: {Problem:l}", problem));
        }
        catch (Exception e)
        {
            // Whatever it is, the job has nothing to do with it.
            Log(l => l.Warning(e, "gc ended early"));
        }
    }

    /// <summary>Where scripts run in pods, no prepare leaves a file on this host to take turns by.</summary>
    private static bool IsTurnInPod(DriverSettings settings, JobContext job) =>
        settings.Scripts.RunIn == ScriptPlace.Pod && GcTimes.IsTurnOf(job.JobId);

    private static bool TakeTurn(FileStream turn, HostTime now)
    {
        if (turn.Length > 0 && !GcTimes.IsSweepDue(File.GetLastWriteTimeUtc(turn.SafeFileHandle), now.Clock))
            return false;
        turn.WriteByte((byte)'\n');
        turn.Flush();
        File.SetLastWriteTimeUtc(turn.SafeFileHandle, now.Clock.UtcDateTime);
        return true;
    }

    private void Log(Action<ILogger> write)
    {
        lock (_logging)
        {
            if (!_over)
                write(_log);
        }
    }
}
