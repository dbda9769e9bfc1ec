using CustomExecutor.Core.Job;

namespace CustomExecutor.Host;

/// <summary>Removes what a job has left, whatever modes it gave its directories.</summary>
internal static class DirectoryRemoval
{
    private const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Removes a directory with all that is in it; links within are removed, not followed. Gone already is fine, and so is a file in its place.</summary>
    /// <exception cref="DriverException">Something in it can't be removed.</exception>
    public static void Remove(string path)
    {
        try
        {
            if (!Delete(path))
            {
                // Go's module cache, for one, has directories that nobody may write.
                MakeWritable(new DirectoryInfo(path));
                Directory.Delete(path, recursive: true);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // As it should be; but .NET says the same of a file.
            if (File.Exists(path)) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"The directory {path} can't be removed: {DisplayText.Of(e.Message)}", inner: e);
        }
    }

    private static bool Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static void MakeWritable(DirectoryInfo directory)
    {
        directory.UnixFileMode |= OwnerAll;
        foreach (var child in directory.EnumerateDirectories())
            if (child.LinkTarget is null) MakeWritable(child);
    }
}
