using CustomExecutor.Attempt;
using CustomExecutor.Core.Gc;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host;
using CustomExecutor.Kubernetes;
using Serilog;

namespace CustomExecutor.Gc;

/// <summary>
/// A little reaping beside a prepare that waits for its builder anyway: now and then, a few things, a few seconds. The
/// job neither waits for it nor fails nor hears of it. It ends with prepare wherever it is then, which the reaper is
/// made for.
/// </summary>
internal sealed class PrepareSweep : IDisposable
{
    private const int MostRemovals = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new(Longest);
    private readonly Lock _logging = new();
    private readonly ILogger _log;
    private bool _over;

    private PrepareSweep(ILogger log) => _log = log;

    /// <summary>Begins, if one is due on this host and no other is at it.</summary>
    /// <param name="settings">What to look through.</param>
    /// <param name="attemptDirectory">The runner makes others beside it.</param>
    /// <param name="census">The cluster.</param>
    /// <param name="log">The admin's log.</param>
    public static PrepareSweep Begin(
        DriverSettings settings,
        string attemptDirectory,
        BuilderCensus census,
        ILogger log
    )
    {
        var sweep = new PrepareSweep(log);
        if (settings.Gc.SweepOnPrepare)
            _ = Task.Run(() => sweep.Run(settings, attemptDirectory, census));
        return sweep;
    }

    /// <summary>Prepare ends; nothing of this is waited for.</summary>
    public void Dispose()
    {
        lock (_logging)
            _over = true;
        _end.Cancel();
    }

    private async Task Run(DriverSettings settings, string attemptDirectory, BuilderCensus census)
    {
        try
        {
            var now = HostMoment.Now();
            new JobRecords(settings.Workspace.Root).TryLock(out var turn);
            await using var taken = turn;
            // Fifty prepares at once take turns, and all but the first find that it was just now. A new file's time is
            // now, but nothing was swept.
            if (
                turn is null
                || (
                    turn.Length > 0 && !ReaperTimes.IsSweepDue(File.GetLastWriteTimeUtc(turn.SafeFileHandle), now.Clock)
                )
            )
            {
                return;
            }

            turn.WriteByte((byte)'\n');
            turn.Flush();
            File.SetLastWriteTimeUtc(turn.SafeFileHandle, now.Clock.UtcDateTime);
            var report = new ReaperReport(
                dryRun: false,
                line => Log(l => l.Information("Sweep: {Line:l}", line)),
                MostRemovals
            );
            await new Reaping(settings, settings.Instance, [Path.GetDirectoryName(attemptDirectory)!], now, report).Run(
                () => census,
                turn,
                _end.Token
            );
            foreach (var problem in report.Problems)
                Log(l => l.Warning("Sweep: {Problem:l}", problem));
        }
        catch (Exception e)
        {
            // Whatever it is, the job has nothing to do with it.
            Log(l => l.Warning(e, "The sweep ended early"));
        }
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
