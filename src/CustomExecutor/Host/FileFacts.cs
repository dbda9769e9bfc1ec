using System.ComponentModel;
using System.Runtime.InteropServices;
using CustomExecutor.Core.Job;

namespace CustomExecutor.Host;

/// <summary>What kind of thing lies at a path.</summary>
internal enum FileKind
{
    File,
    Directory,
    Link,
    Other,
}

/// <summary>What the kernel says of one path; a link is told as one and never followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Its permissions.</param>
/// <param name="Owner">Its user's id.</param>
/// <param name="Identity">Tells it from every other file of this boot.</param>
/// <param name="Modified">When it was last changed.</param>
/// <param name="Size">How many bytes it has.</param>
internal sealed partial record FileFacts(FileKind Kind, UnixFileMode Mode, uint Owner, string Identity, DateTimeOffset Modified, long Size)
{
    private const int CurrentDirectory = -100;
    private const int DoNotFollow = 0x100;
    private const uint BasicFacts = 0x7ff;
    private const int NoEntry = 2;
    private const int NoDirectory = 20;

    /// <summary>This process's user.</summary>
    public static uint OwnUser { get; } = EffectiveUser();

    /// <summary>Whether this process's user owns it.</summary>
    public bool IsOwn => Owner == OwnUser;

    /// <summary>Whether nobody but its owner may write it.</summary>
    public bool OnlyOwnerWrites => (Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;

    /// <summary>The facts; null where there is nothing.</summary>
    /// <exception cref="DriverException">They can't be told.</exception>
    public static FileFacts? Of(string path)
    {
        if (Statx(CurrentDirectory, path, DoNotFollow, BasicFacts, out var facts) == 0) return facts.ToFacts();
        var error = Marshal.GetLastPInvokeError();
        return error is NoEntry or NoDirectory ? null : throw new DriverException($"{path} can't be looked at: {new Win32Exception(error).Message}");
    }

    // statx and not stat: its layout is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Buffer facts);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Buffer
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        public readonly FileFacts ToFacts() => new(
            (Mode & 0xf000) switch { 0x8000 => FileKind.File, 0x4000 => FileKind.Directory, 0xa000 => FileKind.Link, _ => FileKind.Other },
            (UnixFileMode)(Mode & 0xfff),
            User,
            $"{DeviceMajor}:{DeviceMinor}:{Inode}",
            DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(ModifiedSeconds, 0, int.MaxValue)),
            (long)Size);
    }
}
