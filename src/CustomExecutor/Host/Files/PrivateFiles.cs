using System.Security.Cryptography;
using System.Text;
using CustomExecutor.Core;

namespace CustomExecutor.Host.Files;

/// <summary>Files and directories that no other user of the host can read.</summary>
internal static class PrivateFiles
{
    /// <summary>The mode of <see cref="MakeDirectory"/>.</summary>
    public const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>The mode of <see cref="Write"/>.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Far more than the largest job response.</summary>
    private const long LongestText = 1 << 28;

    /// <summary>Creates a directory and its missing parents, with mode 0700.</summary>
    /// <exception cref="DriverException">It can't be created.</exception>
    public static void MakeDirectory(string path)
    {
        try
        {
            // .NET sets the mode of the last directory only.
            if (Path.GetDirectoryName(path) is { } above && !Directory.Exists(above))
                MakeDirectory(above);
            Directory.CreateDirectory(path, DirectoryMode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"The directory {path} can't be created: {e.Message}", inner: e);
        }
    }

    /// <summary>
    /// Writes a file atomically, with mode 0600: a reader sees either the old text or the new. A link at the path is
    /// replaced, not followed.
    /// </summary>
    /// <exception cref="DriverException">It can't be written.</exception>
    public static void Write(string path, string text)
    {
        // Process ids are reused, so a name with only the id could collide with a file that a dead process left behind.
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

    /// <summary>Reads a file that only this user can have written; null if it does not exist.</summary>
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

    /// <summary>Restores the mode that <see cref="Write"/> sets.</summary>
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
            // The error of the write is the one to report.
        }
    }
}
