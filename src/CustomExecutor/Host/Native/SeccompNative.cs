using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>The system call of seccomp (the kernel's <c>include/uapi/linux/seccomp.h</c>), for which the C libraries
/// have no function.</summary>
internal static unsafe partial class SeccompNative
{
    public const uint SetFilter = 1;
    public const uint ActionIsAvailable = 2;

    /// <summary><c>SECCOMP_RET_ERRNO</c>.</summary>
    public const uint ErrorAction = 0x0005_0000;

    /// <summary>
    /// <c>SECCOMP_FILTER_FLAG_SPEC_ALLOW</c>: without it, kernels before 5.16 disable speculative store bypass for
    /// filtered programs. That slows them down and only protects programs that run untrusted code inside their own
    /// process.
    /// </summary>
    public const uint KeepSpeculation = 4;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long Call(long call, uint operation, uint flags, void* argument);

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Instruction
    {
        public ushort Code;
        public byte IfTrue;
        public byte IfFalse;
        public uint Value;
    }

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FilterProgram
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}
