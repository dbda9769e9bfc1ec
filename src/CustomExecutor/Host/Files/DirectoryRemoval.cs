using CustomExecutor.Core;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>Removes a job's files, whatever the job did to them.</summary>
internal static class DirectoryRemoval
{
    /// <summary>
    /// Removes a directory with everything in it, or any other file at this path. Links are removed, not followed, both
    /// at the path itself and below it. A missing path is not an error.
    /// </summary>
    /// <param name="path">A path in a directory that scripts cannot change.</param>
    /// <param name="judged">
    /// If given, the directory that was checked before. Another directory that replaced it is not removed.
    /// </param>
    /// <exception cref="DriverException">Some of it could not be removed.</exception>
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
