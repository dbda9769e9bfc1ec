using CustomExecutor.Core;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Gc;

/// <summary>Removes one thing of this user's from the host and tells of it.</summary>
internal static class FileRemoval
{
    /// <summary>Removes a file, a link (and not what it leads to) or a directory with all in it.</summary>
    /// <returns>Whether it is gone, or would be.</returns>
    public static bool Remove(GcReport report, string kind, string path, FileMetadata facts, string what)
    {
        if (!facts.IsOwn)
        {
            report.Leave($"{what}, but it belongs to another user");
            return false;
        }

        if (!report.DryRun && !IsRemoved(report, path, facts))
            return false;
        report.Remove(kind, what);
        return true;
    }

    private static bool IsRemoved(GcReport report, string path, FileMetadata facts)
    {
        try
        {
            DirectoryRemoval.Remove(path, facts);
            return true;
        }
        catch (DriverException e)
        {
            // A cleanup that came late removes the same; whose hand was the faster one does not matter.
            if (FileMetadata.Of(path) is null)
                return true;
            report.Problem(e);
            return false;
        }
    }
}
