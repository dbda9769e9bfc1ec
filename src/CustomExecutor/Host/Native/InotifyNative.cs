using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>The C library's functions to watch directories.</summary>
internal static partial class InotifyNative
{
    /// <summary><c>IN_CREATE</c>.</summary>
    public const uint Created = 0x100;

    public const int CloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "inotify_init1")]
    public static partial int Open(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Watch(int descriptor, string path, uint events);
}
