using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Gc;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Gc;

/// <summary>Removes what attempts on this host have left, by their records; what it can't place it leaves to <see
/// cref="OrphanCollector"/>.</summary>
internal sealed class HostCollector(AttemptRecords records, HostTime now, GcReport report)
{
    private readonly List<(AttemptRecord Record, GcDecision Decision)> _attempts = [];
    private readonly HashSet<string> _unclear = [];

    /// <summary>The records that are sound.</summary>
    public IEnumerable<AttemptRecord> Known => _attempts.Select(a => a.Record);

    /// <summary>Names of workspaces whose records can't be used: whether their jobs live is not known, so they are
    /// left.</summary>
    public IReadOnlySet<string> Unclear => _unclear;

    /// <summary>The builders of jobs that may live.</summary>
    public IReadOnlySet<string> LiveBuilders { get; private set; } = new HashSet<string>();

    /// <summary>Reads and judges the records.</summary>
    /// <exception cref="DriverException">They are not the driver's own.</exception>
    public void Look()
    {
        foreach (var file in records.All())
        {
            // One that was never finished is of a prepare that had made nothing else yet.
            if (file.Record is null && !AttemptRecords.IsUnfinished(file.Path))
                _unclear.Add(AttemptRecords.NameOf(file.Path));
            GcItem.Collect(report, $"record {file.Path}", () => Look(file));
        }

        LiveBuilders = _attempts
            .Where(a => a.Decision.Kind == GcDecisionKind.Live)
            .Select(a => a.Record.Builder)
            .ToHashSet();
    }

    /// <summary>Removes what is over: the builder, the files, and the record last, so that whatever ends this before
    /// leaves it to the next one.</summary>
    /// <param name="instance">Whose attempts; null for all.</param>
    /// <param name="builders">Removes builders; null if the cluster can't be asked.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task Collect(string? instance, BuilderCollector? builders, CancellationToken cancel)
    {
        foreach (
            var (record, decision) in _attempts.Where(a =>
                a.Decision.Kind == GcDecisionKind.Remove && (instance is null || a.Record.Instance == instance)
            )
        )
        {
            if (report.IsFull)
                return;
            cancel.ThrowIfCancellationRequested();
            await GcItem.Collect(
                report,
                $"the attempt of job {record.JobId}",
                () => RemoveAttempt(record, decision, builders, cancel)
            );
        }
    }

    private void Look(RecordFile file)
    {
        if (file.Record is { } record)
            _attempts.Add((record, RecordDecision.Of(record, now, AttemptDirectories.Sight(record.AttemptDirectory))));
        else
            Judge(file);
    }

    private async Task RemoveAttempt(
        AttemptRecord record,
        GcDecision decision,
        BuilderCollector? builders,
        CancellationToken cancel
    )
    {
        var gone = await RemoveBuilder(record, decision, builders, cancel);
        var isWorkspaceGone = false;
        GcItem.Collect(report, $"workspace {record.Name}", () => isWorkspaceGone = RemoveWorkspace(record, decision));
        // With the job's keys: removed even where the workspace can't be.
        RemoveAttemptDirectory(record, decision);
        if (gone && isWorkspaceGone && !report.DryRun)
            records.Remove(record.Name);
    }

    private async Task<bool> RemoveBuilder(
        AttemptRecord record,
        GcDecision decision,
        BuilderCollector? builders,
        CancellationToken cancel
    )
    {
        if (builders is null)
            return false;
        try
        {
            await builders.CollectOf(record, decision, cancel);
            return true;
        }
        catch (DriverException e)
        {
            report.Problem(e);
            return false;
        }
    }

    private bool RemoveWorkspace(AttemptRecord record, GcDecision decision)
    {
        var path = record.WorkspaceDirectory;
        return FileMetadata.Of(path) is not { } facts
            || FileRemoval.Remove(
                report,
                "workspaces",
                path,
                facts,
                $"workspace {path} of job {record.JobId}: {decision.Reason}"
            );
    }

    private void RemoveAttemptDirectory(AttemptRecord record, GcDecision decision)
    {
        var path = record.AttemptDirectory;
        if (FileMetadata.Of(path) is not { } facts)
            return;
        if (AttemptDirectories.Objection(path, facts, record.JobId) is { } objection)
        {
            report.Leave($"attempt directory {path} of job {record.JobId}: {objection}");
        }
        else
        {
            FileRemoval.Remove(
                report,
                "attempt directories",
                path,
                facts,
                $"attempt directory {path} of job {record.JobId}: {decision.Reason}"
            );
        }
    }

    /// <summary>A record that can't be used is reported until it is so old that nobody can need it. Another user's is
    /// never touched.</summary>
    private void Judge(RecordFile file)
    {
        if (FileMetadata.Of(file.Path) is not { } facts)
            return;
        if (!report.DryRun)
            AttemptRecords.PutRight(file.Path, facts);
        if (AttemptRecords.IsUnfinished(file.Path) && now.Clock - facts.Changed < GcTimes.BirthWindow)
            return;
        var decision = OrphanDecision.OfUnknown(facts.Changed, now.Clock);
        if (decision.Kind == GcDecisionKind.Remove && facts.IsOwn)
        {
            FileRemoval.Remove(
                report,
                "records",
                file.Path,
                facts,
                $"record {DisplayText.Of(file.Path)}: {file.Problem}, and {decision.Reason}"
            );
        }
        else
        {
            report.Leave($"record {DisplayText.Of(file.Path)}: {file.Problem}");
        }
    }
}
