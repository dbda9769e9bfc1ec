using System.Text.RegularExpressions;
using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Gc;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Gc;

/// <summary>Removes files of which no record tells: what an older driver has left, and an attempt whose prepare never
/// came so far as to write one.</summary>
internal sealed partial class OrphanCollector(HostTime now, GcReport report)
{
    /// <summary>Removes old workspaces without a record.</summary>
    /// <param name="workspaceRoot">Where they are.</param>
    /// <param name="recorded">The names of those that have a record, whatever it says.</param>
    public void CollectWorkspaces(string workspaceRoot, IReadOnlySet<string> recorded)
    {
        foreach (var path in Entries(workspaceRoot, "*"))
        {
            if (report.IsFull)
                return;
            var name = Path.GetFileName(path);
            if (WorkspaceName().IsMatch(name) && !recorded.Contains(name))
                GcItem.Collect(report, $"workspace {path}", () => RemoveWorkspace(path, name));
        }
    }

    /// <summary>Removes attempt directories without a record; other users' are not even reported, for they are another
    /// runner's.</summary>
    /// <param name="roots">Where the runner makes them.</param>
    /// <param name="recorded">The names of the workspaces that have a record, whatever it says.</param>
    public void CollectAttempts(IEnumerable<string> roots, IReadOnlySet<string> recorded)
    {
        foreach (
            var path in roots
                .Distinct()
                .Where(IsSearched)
                .SelectMany(root => Entries(root, AttemptDirectoryName.Prefix + "*"))
        )
        {
            if (report.IsFull)
                return;
            if (AttemptDirectoryName.IsOne(path))
                GcItem.Collect(report, $"attempt directory {path}", () => RemoveAttempt(path, recorded));
        }
    }

    private void RemoveWorkspace(string path, string name)
    {
        if (FileMetadata.Of(path) is not { } facts)
            return;
        var decision = OrphanDecision.OfUnknown(facts.Changed, now.Clock);
        if (decision.Kind == GcDecisionKind.Remove)
        {
            FileRemoval.Remove(
                report,
                "workspaces",
                path,
                facts,
                $"workspace {path} of job {name.Split('-')[0]}: nothing is recorded of it, and {decision.Reason}"
            );
        }
    }

    private void RemoveAttempt(string path, IReadOnlySet<string> recorded)
    {
        if (FileMetadata.Of(path) is not { Kind: FileKind.Directory, IsOwn: true, OnlyOwnerWrites: true } facts)
            return;
        if (AttemptDirectories.Response(path) is not var (response, written))
            return;
        var job = JobContext.From(response, path);
        if (recorded.Contains(job.Paths.WorkspaceName(job.JobId)))
            return;
        var decision = OrphanDecision.OfAttempt(written, job.Timeout, now.Clock);
        if (decision.Kind == GcDecisionKind.Remove)
        {
            FileRemoval.Remove(
                report,
                "attempt directories",
                path,
                facts,
                $"attempt directory {path} of job {job.JobId}: nothing is recorded of it, and {decision.Reason}"
            );
        }
    }

    /// <summary>
    /// In a directory that everybody may write, as /tmp, a script can make what looks like an attempt. The group may
    /// write: the runner's user gets its right to root's directory so, and the sandbox keeps scripts out of it.
    /// </summary>
    private bool IsSearched(string root)
    {
        try
        {
            // With the dot the path is followed to the directory itself.
            if (FileMetadata.Of(Path.Join(root, ".")) is not { } facts)
                return false;
            var problem = facts switch
            {
                _ when facts.Mode.HasFlag(UnixFileMode.OtherWrite) => "every user may write there",
                { IsOwn: false, Owner: not 0 } => "it belongs to another user",
                _ => null,
            };
            if (problem is null)
                return true;
            report.Note(
                $"{root} is not searched for attempt directories: {problem}. Set TMPDIR to the directory in which "
                    + "the runner makes them."
            );
        }
        catch (DriverException e)
        {
            report.Problem(e);
        }

        return false;
    }

    private static IEnumerable<string> Entries(string directory, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory, pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [GeneratedRegex(@"^[0-9]{1,19}-[0-9a-f]{8}\z")]
    private static partial Regex WorkspaceName();
}
