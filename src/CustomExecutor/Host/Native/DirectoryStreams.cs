using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>The C library's functions to list a directory. Names are bytes, which may not be valid text.</summary>
internal static unsafe partial class DirectoryStreams
{
    /// <summary><c>d_type</c> of a directory.</summary>
    public const byte IsDirectory = 4;

    // struct dirent on 64-bit Linux (glibc and musl): inode, offset, record length, type, name.
    private const int TypeOffset = 18;
    private const int NameOffset = 19;

    /// <summary>Takes ownership of the descriptor: <see cref="Close"/> closes it.</summary>
    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint Open(int descriptor);

    /// <summary>The next entry; null at the end (error 0) or after an error.</summary>
    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial byte* Read(nint stream);

    [LibraryImport("libc", EntryPoint = "rewinddir")]
    public static partial void Rewind(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    public static partial int Close(nint stream);

    public static byte TypeOf(byte* entry) => entry[TypeOffset];

    public static byte* NameOf(byte* entry) => entry + NameOffset;
}
