using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>The C library's functions for limits and attributes of this process.</summary>
internal static partial class ResourceLimits
{
    public const int CoreFile = 4;
    public const int SetDumpable = 4;

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    public static partial int Set(int resource, in Limit limit);

    /// <summary><c>struct rlimit</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
