using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>The C library's functions for unix sockets that have a path.</summary>
internal static unsafe partial class SocketNative
{
    public const int UnixFamily = 1;
    public const int StreamType = 1;
    public const int DatagramType = 2;
    public const int CloseOnExec = 0x80000;

    /// <summary><c>EPROTOTYPE</c>: the socket exists but has another type.</summary>
    public const int OtherType = 91;

    /// <summary>The size of <c>struct sockaddr_un</c>: the family and the path with its NUL.</summary>
    public const int AddressSize = 2 + 108;

    [LibraryImport("libc", EntryPoint = "socket")]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, byte* address, uint size);
}
