using System.Text.RegularExpressions;
using CustomExecutor.Core.Job;
using CustomExecutor.Core.Reaper;
using CustomExecutor.Host;

namespace CustomExecutor.Reaper;

/// <summary>Removes files of which no record tells: what an older driver has left, and an attempt whose prepare never came so far as to write one.</summary>
internal sealed partial class OrphanReaper(Moment now, ReaperReport report)
{
    /// <summary>Removes old workspaces without a record.</summary>
    public void RemoveWorkspaces(string workspaceRoot, IReadOnlySet<string> known)
    {
        foreach (var path in Entries(workspaceRoot, "*"))
        {
            if (report.IsFull) return;
            var name = Path.GetFileName(path);
            if (!WorkspaceName().IsMatch(name) || known.Contains(name) || Facts(path) is not { } facts) continue;
            var fate = OrphanFate.OfUnknown(facts.Modified, now.Clock);
            if (fate.Kind == FateKind.Remove) FileRemoval.Remove(report, "workspaces", path, facts, $"workspace {path} of job {name.Split('-')[0]}: nothing is recorded of it, and {fate.Reason}");
        }
    }

    /// <summary>Removes attempt directories without a record; other users' are not even spoken of, for they are another runner's.</summary>
    public void RemoveAttempts(IEnumerable<string> roots, IReadOnlySet<string> known)
    {
        foreach (var path in roots.Distinct().SelectMany(root => Entries(root, AttemptDirectoryName.Prefix + "*")))
        {
            if (report.IsFull) return;
            if (known.Contains(path) || !AttemptDirectoryName.IsOne(path) || Facts(path) is not { Kind: FileKind.Directory, IsOwn: true, OnlyOwnerWrites: true } facts) continue;
            if (AttemptDirectories.Response(path) is not var (response, written)) continue;
            var job = JobContext.From(response, path);
            var fate = OrphanFate.OfAttempt(written, job.Timeout, now.Clock);
            if (fate.Kind == FateKind.Remove) FileRemoval.Remove(report, "attempt directories", path, facts, $"attempt directory {path} of job {job.JobId}: nothing is recorded of it, and {fate.Reason}");
        }
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

    private static FileFacts? Facts(string path)
    {
        try
        {
            return FileFacts.Of(path);
        }
        catch (DriverException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[0-9]{1,19}-[0-9a-f]{8}\z")]
    private static partial Regex WorkspaceName();
}
