using CustomExecutor.Core;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>Removes what a job has left, whatever the job did to it.</summary>
internal static class DirectoryRemoval
{
    /// <summary>
    /// Removes a directory with everything in it, or whatever else has this path. Links are removed, not followed:
    /// neither the last part of the path, nor anything below it. It is no error if there is nothing.
    /// </summary>
    /// <param name="path">It is in a directory that no script can change.</param>
    /// <param name="judged">If given, what was decided to be removed: a directory that has taken its place is
    /// left.</param>
    /// <exception cref="DriverException">Something of it is still there.</exception>
    public static void Remove(string path, FileMetadata? judged = null)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var error = OpenDirectory.OpenPath(
            Path.GetDirectoryName(full) ?? throw new DriverException("/ can't be removed."),
            out var parent
        );
        if (error is ErrorNumbers.NoEntry or ErrorNumbers.NotDirectory)
            return;
        if (error != 0)
        {
            throw new DriverException(
                $"The directory of {DisplayText.Of(path)} can't be opened: {RemovalProblems.Reason(error)}"
            );
        }

        using (parent)
            new TreeRemoval(parent!, Path.GetFileName(full), new RemovalProblems(path), judged?.Identity).Run();
    }
}
