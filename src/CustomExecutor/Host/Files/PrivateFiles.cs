using System.Security.Cryptography;
using System.Text;
using CustomExecutor.Core;

namespace CustomExecutor.Host.Files;

/// <summary>Files and directories that no other user of the host may read.</summary>
internal static class PrivateFiles
{
    /// <summary>What <see cref="MakeDirectory"/> gives.</summary>
    public const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>What <see cref="Write"/> gives.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Far more than a job response with everything that a pipeline may put into it.</summary>
    private const long LongestText = 1 << 28;

    /// <summary>Makes a directory, and those above it that are missing, with mode 0700.</summary>
    /// <exception cref="DriverException">It can't be made.</exception>
    public static void MakeDirectory(string path)
    {
        try
        {
            // .NET gives the mode to the last directory alone.
            if (Path.GetDirectoryName(path) is { } above && !Directory.Exists(above))
                MakeDirectory(above);
            Directory.CreateDirectory(path, DirectoryMode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"The directory {path} can't be made: {e.Message}", inner: e);
        }
    }

    /// <summary>
    /// Writes a file with mode 0600, whole or not at all: a reader sees the old text or the new. What stands at the
    /// path is replaced, never followed, if it is a link.
    /// </summary>
    /// <exception cref="DriverException">It can't be written.</exception>
    public static void Write(string path, string text)
    {
        // Process ids come again: a name that a dead process has left must not be in the way of a later one.
        var unfinished = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = System.IO.FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = FileMode,
                BufferSize = 0,
            };
            using (var file = new FileStream(unfinished, options))
                file.Write(Encoding.UTF8.GetBytes(text));
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(unfinished);
            throw new DriverException($"{path} can't be written: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads a file that only this user can have written; null where there is none.</summary>
    /// <exception cref="DriverException">It can't be read, is a link, or others may write it.</exception>
    public static string? Read(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            if (file is { Facts.OnlyOwnerWrites: false })
                throw new DriverException($"others may write it (mode {Convert.ToString((int)file.Facts.Mode, 8)})");
            return file?.Text(LongestText);
        }
        catch (DriverException e)
        {
            throw new DriverException($"{path} is not used: {e.Message}", inner: e);
        }
    }

    /// <summary>Gives a file the mode that <see cref="Write"/> gives.</summary>
    /// <exception cref="DriverException">The mode can't be changed.</exception>
    public static void RestoreMode(string path)
    {
        try
        {
            File.SetUnixFileMode(path, FileMode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"The mode of {path} can't be restored: {DisplayText.Of(e.Message)}", inner: e);
        }
    }

    private static void Discard(string unfinished)
    {
        try
        {
            File.Delete(unfinished);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Why it could not be written is the error to report.
        }
    }
}
