using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Settings;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Gc;

/// <summary>One look at all that jobs may have left, on the cluster and on this host.</summary>
/// <param name="settings">Which namespace, instance and workspaces.</param>
/// <param name="instance">Whose builders and attempts; null for all.</param>
/// <param name="attemptRoots">Where else the runner may have made attempt directories than the records say.</param>
/// <param name="now">When and where it is.</param>
/// <param name="report">Is told everything.</param>
internal sealed class GcRun(
    DriverSettings settings,
    string? instance,
    IReadOnlyList<string> attemptRoots,
    HostTime now,
    GcReport report
)
{
    private readonly AttemptRecords _records = new(settings.Workspace.Root);

    /// <summary>Looks and removes. What can't be done is in the report; the rest is done all the same.</summary>
    /// <param name="open">Opens the cluster.</param>
    /// <param name="turn">The right to remove files here, where the caller has it; else it is taken.</param>
    /// <param name="cancel">Ends it between two things.</param>
    public async Task Collect(Func<BuilderPods> open, FileStream? turn, CancellationToken cancel)
    {
        var host = LookAtHost();
        var builders = await LookAtBuilders(open, cancel);
        await using var taken = host is null || turn is not null ? null : TakeTurn(ref host);
        // One after another: what goes wrong with one kind of things must not keep the others.
        if (host is not null)
            await TryTo(() => host.Collect(instance, builders, cancel), cancel);
        if (builders is not null)
            await TryTo(() => builders.CollectExpired(host?.LiveBuilders ?? new HashSet<string>(), cancel), cancel);
        if (host is not null)
            TryTo(() => RemoveOrphans(host));
    }

    private HostCollector? LookAtHost()
    {
        var host = new HostCollector(_records, now, report);
        return TryTo(host.Look) ? host : null;
    }

    private async Task<BuilderCollector?> LookAtBuilders(Func<BuilderPods> open, CancellationToken cancel)
    {
        BuilderCollector? builders = null;
        var hasLooked = await TryTo(
            async () =>
            {
                builders = new BuilderCollector(open(), report);
                await builders.Look(instance, now.Clock, cancel);
            },
            cancel
        );
        return hasLooked ? builders : null;
    }

    private FileStream? TakeTurn(ref HostCollector? host)
    {
        if (report.DryRun || !Directory.Exists(settings.Workspace.Root))
            return null;
        (FileStream? turn, var isFree) = (null, false);
        if (TryTo(() => isFree = _records.TryLock(out turn)) && !isFree)
            report.Leave($"the files in {settings.Workspace.Root}: another gc is at work on them");
        if (!isFree)
            host = null;
        return turn;
    }

    private void RemoveOrphans(HostCollector host)
    {
        var known = host.Known.ToList();
        var orphans = new OrphanCollector(now, report);
        var names = known.Select(r => r.Name).Concat(host.Unclear).ToHashSet();
        orphans.CollectWorkspaces(settings.Workspace.Root, names);
        orphans.CollectAttempts(
            [.. attemptRoots, .. known.Select(r => Path.GetDirectoryName(r.AttemptDirectory)!)],
            names
        );
    }

    private bool TryTo(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (Exception e)
        {
            report.Problem(Named(e));
            return false;
        }
    }

    private async Task<bool> TryTo(Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            report.Problem(Named(e));
            return false;
        }
    }

    /// <summary>A file that can't be used is no internal error: the system's own words say why.</summary>
    private static Exception Named(Exception e) =>
        e is IOException or UnauthorizedAccessException ? new DriverException(DisplayText.Of(e.Message), inner: e) : e;
}
