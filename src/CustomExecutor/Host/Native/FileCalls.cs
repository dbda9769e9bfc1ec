using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>
/// The C library's functions for files that are identified by a directory's descriptor and a name in it.
/// </summary>
internal static unsafe partial class FileCalls
{
    public const int CurrentDirectory = -100;

    public const int RemoveDirectory = 0x200;
    public const int EmptyPath = 0x1000;
    public const int NoAutomount = 0x800;
    public const int StatusNoFollow = 0x100;

    /// <summary>The basic fields and the mount.</summary>
    public const uint StatusMask = 0x17ff;

    public const int ReadOnly = 0;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    /// <summary>The kernel's generic number, or that of the architectures with their own numbers.</summary>
    public static readonly int Directory = HasOwnNumbers ? 0x4000 : 0x10000;

    /// <inheritdoc cref="Directory"/>
    public static readonly int NoFollow = HasOwnNumbers ? 0x8000 : 0x20000;

    private static bool HasOwnNumbers =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Ppc64le;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int directory, byte* name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int Status(int directory, byte* name, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();
}
