using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary><c>struct statx</c>: its layout is the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    private const uint HasMount = 0x1000;
    private const ulong IsImmutableOrAppendOnly = 0x30;

    [FieldOffset(0)]
    private uint _mask;

    [FieldOffset(8)]
    private ulong _attributes;

    [FieldOffset(20)]
    public uint User;

    /// <summary>The kind of file and its permissions, as <c>st_mode</c>.</summary>
    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    private ulong _inode;

    [FieldOffset(40)]
    public ulong Size;

    /// <summary>When the inode was last changed (ctime). Unlike mtime, no user can set it.</summary>
    [FieldOffset(96)]
    public long ChangedSeconds;

    [FieldOffset(136)]
    private uint _deviceMajor;

    [FieldOffset(140)]
    private uint _deviceMinor;

    [FieldOffset(144)]
    private ulong _mount;

    /// <summary>Whether the file has the attribute that <c>chattr +i</c> or <c>chattr +a</c> sets.</summary>
    public readonly bool IsLocked => (_attributes & IsImmutableOrAppendOnly) != 0;

    public readonly FileIdentity Identity =>
        new(_inode, _deviceMajor, _deviceMinor, (_mask & HasMount) != 0 ? _mount : null);
}
