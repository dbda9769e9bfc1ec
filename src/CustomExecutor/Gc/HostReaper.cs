using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Gc;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Gc;

/// <summary>Removes what attempts on this host have left, by their records; what it can't place it leaves to <see
/// cref="OrphanReaper"/>.</summary>
internal sealed class HostReaper(JobRecords records, string workspaceRoot, Moment now, ReaperReport report)
{
    private readonly List<(JobRecord Record, Fate Fate)> _attempts = [];
    private readonly HashSet<string> _unclear = [];

    /// <summary>The records that are sound.</summary>
    public IEnumerable<JobRecord> Known => _attempts.Select(a => a.Record);

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
            if (file.Record is null && !JobRecords.IsUnfinished(file.Path))
                _unclear.Add(JobRecords.NameOf(file.Path));
            ReaperItem.Attempt(report, $"record {file.Path}", () => Look(file));
        }

        LiveBuilders = _attempts.Where(a => a.Fate.Kind == FateKind.Live).Select(a => a.Record.Builder).ToHashSet();
    }

    /// <summary>Removes what is over: the builder, the files, and the record last, so that whatever ends this before
    /// leaves it to the next one.</summary>
    /// <param name="instance">Whose attempts; null for all.</param>
    /// <param name="builders">Removes builders; null if the cluster can't be asked.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RemoveOver(string? instance, BuilderReaper? builders, CancellationToken cancel)
    {
        foreach (
            var (record, fate) in _attempts.Where(a =>
                a.Fate.Kind == FateKind.Remove && (instance is null || a.Record.Instance == instance)
            )
        )
        {
            if (report.IsFull)
                return;
            cancel.ThrowIfCancellationRequested();
            await ReaperItem.Attempt(
                report,
                $"the attempt of job {record.JobId}",
                () => RemoveAttempt(record, fate, builders, cancel)
            );
        }
    }

    private void Look(RecordFile file)
    {
        if (file.Record is { } record)
            _attempts.Add((record, RecordFate.Of(record, now, AttemptDirectories.Sight(record.AttemptDirectory))));
        else
            Judge(file);
    }

    private async Task RemoveAttempt(JobRecord record, Fate fate, BuilderReaper? builders, CancellationToken cancel)
    {
        var gone = await RemoveBuilder(record, fate, builders, cancel);
        var isWorkspaceGone = false;
        ReaperItem.Attempt(report, $"workspace {record.Name}", () => isWorkspaceGone = RemoveWorkspace(record, fate));
        // With the job's keys: removed even where the workspace can't be.
        RemoveAttemptDirectory(record, fate);
        if (gone && isWorkspaceGone && !report.DryRun)
            records.Remove(record.Name);
    }

    private async Task<bool> RemoveBuilder(
        JobRecord record,
        Fate fate,
        BuilderReaper? builders,
        CancellationToken cancel
    )
    {
        if (builders is null)
            return false;
        try
        {
            await builders.RemoveOf(record, fate, cancel);
            return true;
        }
        catch (DriverException e)
        {
            report.Problem(e);
            return false;
        }
    }

    private bool RemoveWorkspace(JobRecord record, Fate fate)
    {
        var path = Path.Join(workspaceRoot, record.Name);
        return FileFacts.Of(path) is not { } facts
            || FileRemoval.Remove(
                report,
                "workspaces",
                path,
                facts,
                $"workspace {path} of job {record.JobId}: {fate.Reason}"
            );
    }

    private void RemoveAttemptDirectory(JobRecord record, Fate fate)
    {
        var path = record.AttemptDirectory;
        if (FileFacts.Of(path) is not { } facts)
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
                $"attempt directory {path} of job {record.JobId}: {fate.Reason}"
            );
        }
    }

    /// <summary>A record that can't be used is reported until it is so old that nobody can need it. Another user's is
    /// never touched.</summary>
    private void Judge(RecordFile file)
    {
        if (FileFacts.Of(file.Path) is not { } facts)
            return;
        if (!report.DryRun)
            JobRecords.PutRight(file.Path, facts);
        if (JobRecords.IsUnfinished(file.Path) && now.Clock - facts.Changed < ReaperTimes.BirthWindow)
            return;
        var fate = OrphanFate.OfUnknown(facts.Changed, now.Clock);
        if (fate.Kind == FateKind.Remove && facts.IsOwn)
        {
            FileRemoval.Remove(
                report,
                "records",
                file.Path,
                facts,
                $"record {DisplayText.Of(file.Path)}: {file.Problem}, and {fate.Reason}"
            );
        }
        else
        {
            report.Leave($"record {DisplayText.Of(file.Path)}: {file.Problem}");
        }
    }
}
