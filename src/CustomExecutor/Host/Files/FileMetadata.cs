using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>The kind of a file.</summary>
internal enum FileKind
{
    File,
    Directory,
    Link,
    Other,
}

/// <summary>The kernel's metadata for a path. Links are reported, not followed.</summary>
/// <param name="Kind">The file's kind.</param>
/// <param name="Mode">Its permissions.</param>
/// <param name="Owner">The owner's uid.</param>
/// <param name="Identity">Identifies the file until the next reboot.</param>
/// <param name="Changed">
/// When its content, mode, owner or links last changed (ctime). A file's owner can set its mtime, but nobody can set
/// its ctime.
/// </param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record FileMetadata(
    FileKind Kind,
    UnixFileMode Mode,
    uint Owner,
    string Identity,
    DateTimeOffset Changed,
    long Size
)
{
    private const int KindBits = 0xf000;
    private const int ModeBits = 0xfff;

    /// <summary>The uid of this process.</summary>
    public static uint OwnUser { get; } = FileCalls.EffectiveUser();

    /// <summary>Whether this process's user owns it.</summary>
    public bool IsOwn => Owner == OwnUser;

    /// <summary>Whether only its owner may write it.</summary>
    public bool OnlyOwnerWrites => (Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;

    /// <summary>Reads the metadata; null if the path does not exist.</summary>
    /// <exception cref="DriverException">It can't be read.</exception>
    public static unsafe FileMetadata? Of(string path)
    {
        fixed (byte* name = NameBytes(path))
        {
            if (
                FileCalls.Status(
                    FileCalls.CurrentDirectory,
                    name,
                    FileCalls.StatusNoFollow,
                    FileCalls.StatusMask,
                    out var status
                ) == 0
            )
            {
                return Of(status);
            }
        }

        var error = Marshal.GetLastPInvokeError();
        return error is ErrorNumbers.NoEntry or ErrorNumbers.NotDirectory
            ? null
            : throw new DriverException(
                $"{DisplayText.Of(path)} can't be examined: {new Win32Exception(error).Message}"
            );
    }

    public static FileMetadata Of(in FileStatus status) =>
        new(
            (status.Mode & KindBits) switch
            {
                0x8000 => FileKind.File,
                0x4000 => FileKind.Directory,
                0xa000 => FileKind.Link,
                _ => FileKind.Other,
            },
            (UnixFileMode)(status.Mode & ModeBits),
            status.User,
            status.Identity.ToString(),
            DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(status.ChangedSeconds, 0, int.MaxValue)),
            (long)status.Size
        );

    /// <summary>A path or name for the C library: its bytes and a NUL.</summary>
    public static byte[] NameBytes(string name) => [.. Encoding.UTF8.GetBytes(name), 0];
}
