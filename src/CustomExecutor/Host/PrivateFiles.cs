using System.Text;
using CustomExecutor.Core.Job;

namespace CustomExecutor.Host;

/// <summary>Files and directories that no other user of the host may read.</summary>
internal static class PrivateFiles
{
    /// <summary>What <see cref="MakeDirectory"/> gives.</summary>
    public const UnixFileMode DirectoryMode = OwnerOnly | UnixFileMode.UserExecute;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes a directory, and those above it that are missing, with mode 0700.</summary>
    /// <exception cref="DriverException">It can't be made.</exception>
    public static void MakeDirectory(string path)
    {
        try
        {
            // .NET gives the mode to the last directory alone.
            if (Path.GetDirectoryName(path) is { } above && !Directory.Exists(above)) MakeDirectory(above);
            Directory.CreateDirectory(path, DirectoryMode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"The directory {path} can't be made: {e.Message}", inner: e);
        }
    }

    /// <summary>
    /// Writes a file with mode 0600, whole or not at all: a reader sees the old text or the new. What stands at the path is replaced, never
    /// followed, if it is a link.
    /// </summary>
    /// <exception cref="DriverException">It can't be written.</exception>
    public static void Write(string path, string text)
    {
        var unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0 };
            using (var file = new FileStream(unfinished, options)) file.Write(Encoding.UTF8.GetBytes(text));
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"{path} can't be written: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads a file that only this user can have written; null where there is none.</summary>
    /// <exception cref="DriverException">It can't be read, is a link, or others may write it.</exception>
    public static string? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null) throw new DriverException($"{path} is a symbolic link: it is not used.");
            if (!file.Exists) return null;
            if ((file.UnixFileMode & OthersMayWrite) != 0) throw new DriverException($"{path} may be written by others (mode {Convert.ToString((int)file.UnixFileMode, 8)}): it is not used.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"{path} can't be read: {e.Message}", inner: e);
        }
    }
}
