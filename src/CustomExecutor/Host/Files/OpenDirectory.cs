using System.Runtime.InteropServices;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>
/// An open directory. Operations apply to this directory even if its path changes meanwhile. Names are NUL-terminated
/// bytes. Functions return the kernel's error number, 0 for success.
/// </summary>
internal sealed unsafe class OpenDirectory : IDisposable
{
    /// <summary>What <see cref="Open"/> returns for a directory on which something is mounted.</summary>
    public const int IsMountPoint = -1;

    private const uint OwnerAll = 0b111_000_000;
    private static readonly int ToRead =
        FileCalls.ReadOnly | FileCalls.Directory | FileCalls.NoFollow | FileCalls.CloseOnExec;
    private static readonly int ToName = FileCalls.PathOnly | FileCalls.Directory | FileCalls.CloseOnExec;
    private static readonly byte[] Itself = [(byte)'.', 0];
    private static readonly byte[] Above = [(byte)'.', (byte)'.', 0];
    private static readonly byte[] Nothing = [0];

    private readonly int _descriptor;
    private readonly FileStatus _status;
    private nint _stream;

    private OpenDirectory(int descriptor, in FileStatus status) => (_descriptor, _status) = (descriptor, status);

    public FileIdentity Identity => _status.Identity;

    /// <inheritdoc cref="FileStatus.IsLocked"/>
    public bool IsLocked => _status.IsLocked;

    /// <summary>
    /// Opens the directory at an admin's path and follows links. It can be used to open names in it, but not listed.
    /// </summary>
    public static int OpenPath(string path, out OpenDirectory? directory) =>
        Adopt(OpenAt(FileCalls.CurrentDirectory, FileMetadata.NameBytes(path), ToName), out directory);

    /// <summary>
    /// Opens a directory in this one, and lets its owner list and change it. Links are not followed, and mount points
    /// are not changed.
    /// </summary>
    public int Open(byte[] name, out OpenDirectory? child)
    {
        var error = Adopt(OpenAt(_descriptor, name, ToRead), out child);
        if (error == ErrorNumbers.NoAccess)
            error = OpenLocked(name, out child);
        if (error != 0)
            return error;
        if (!child!.Identity.IsInMountOf(Identity))
        {
            child.Dispose();
            return IsMountPoint;
        }

        if ((child._status.Mode & OwnerAll) != OwnerAll)
            child.MakeWritable();
        return 0;
    }

    /// <summary>Opens the current parent of this directory.</summary>
    public int OpenAbove(out OpenDirectory? above) => Adopt(OpenAt(_descriptor, Above, ToRead), out above);

    /// <summary>Removes anything that is not a directory.</summary>
    public int Unlink(byte* name) => Remove(name, 0);

    /// <inheritdoc cref="Unlink(byte*)"/>
    public int Unlink(byte[] name)
    {
        fixed (byte* bytes = name)
            return Remove(bytes, 0);
    }

    /// <summary>Removes an empty directory.</summary>
    public int RemoveDirectory(byte[] name)
    {
        fixed (byte* bytes = name)
            return Remove(bytes, FileCalls.RemoveDirectory);
    }

    /// <summary>Gets the status of a name in this directory, without following links.</summary>
    public int Examine(byte[] name, out FileStatus status)
    {
        fixed (byte* bytes = name)
        {
            return Result(
                FileCalls.Status(
                    _descriptor,
                    bytes,
                    FileCalls.StatusNoFollow | FileCalls.NoAutomount,
                    FileCalls.StatusMask,
                    out status
                )
            );
        }
    }

    /// <summary>Starts to list the directory, from the first entry.</summary>
    public int BeginList()
    {
        if (_stream != 0)
            DirectoryStreams.Rewind(_stream);
        else
            _stream = DirectoryStreams.Open(_descriptor);
        return _stream != 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>The next entry, valid until the next call; null at the end or after an error.</summary>
    public byte* Next(out int error)
    {
        var entry = DirectoryStreams.Read(_stream);
        error = entry == null ? Marshal.GetLastPInvokeError() : 0;
        return entry;
    }

    public void Dispose()
    {
        _ = _stream != 0 ? DirectoryStreams.Close(_stream) : FileCalls.Close(_descriptor);
    }

    private static int OpenAt(int directory, byte[] name, int flags)
    {
        fixed (byte* bytes = name)
            return FileCalls.OpenAt(directory, bytes, flags, 0);
    }

    private static int Adopt(int descriptor, out OpenDirectory? directory)
    {
        directory = null;
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError();
        fixed (byte* nothing = Nothing)
        {
            var error = Result(
                FileCalls.Status(descriptor, nothing, FileCalls.EmptyPath, FileCalls.StatusMask, out var status)
            );
            if (error == 0)
                directory = new OpenDirectory(descriptor, status);
            else
                _ = FileCalls.Close(descriptor);
            return error;
        }
    }

    private static int Result(int returned) => returned == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>
    /// Opens a directory that its owner has no right to list. fchmod needs a readable descriptor, and fchmodat follows
    /// links before Linux 6.6. So the mode is changed through the descriptor's entry in /proc, which always refers to
    /// this directory (path_resolution(7), "magic links").
    /// </summary>
    private int OpenLocked(byte[] name, out OpenDirectory? child)
    {
        child = null;
        var error = Adopt(OpenAt(_descriptor, name, ToName | FileCalls.NoFollow), out var locked);
        if (error != 0)
            return error;
        using (locked)
        {
            if (!locked!.Identity.IsInMountOf(Identity))
                return IsMountPoint;
            error = Result(FileCalls.ChangeMode($"/proc/self/fd/{locked._descriptor}", OwnerAll));
            return error != 0 ? error : Adopt(OpenAt(locked._descriptor, Itself, ToRead), out child);
        }
    }

    private int MakeWritable() => Result(FileCalls.ChangeMode(_descriptor, OwnerAll));

    private int Remove(byte* name, int flags)
    {
        var error = Result(FileCalls.UnlinkAt(_descriptor, name, flags));
        // The script may have changed the mode after the directory was opened. The parent of the whole tree belongs to
        // the admin and can't be changed through this descriptor.
        return error == ErrorNumbers.NoAccess && MakeWritable() == 0
            ? Result(FileCalls.UnlinkAt(_descriptor, name, flags))
            : error;
    }
}
