using System.Runtime.InteropServices;

namespace CustomExecutor.Core.Sandbox.Syscalls;

/// <summary>
/// A system call ABI, which has its own call numbers. The values are the kernel's (<c>AUDIT_ARCH_*</c>).
/// </summary>
public enum SyscallAbi : uint
{
    /// <summary>64-bit Intel and AMD.</summary>
    X64 = 0xC000003E,

    /// <summary>32-bit Intel and AMD.</summary>
    X86 = 0x40000003,

    /// <summary>64-bit ARM.</summary>
    Arm64 = 0xC00000B7,

    /// <summary>32-bit ARM.</summary>
    Arm = 0x40000028,
}

/// <summary>The ABIs of a machine.</summary>
public static class SyscallAbis
{
    /// <summary>
    /// The ABIs that a kernel of this architecture has; empty for unsupported architectures. A 64-bit kernel also runs
    /// 32-bit programs, and any program can make 32-bit calls, so a filter must handle both.
    /// </summary>
    public static IReadOnlyList<SyscallAbi> Of(Architecture architecture) =>
        architecture switch
        {
            Architecture.X64 => [SyscallAbi.X64, SyscallAbi.X86],
            Architecture.Arm64 => [SyscallAbi.Arm64, SyscallAbi.Arm],
            _ => [],
        };

    /// <summary>The call number of <c>seccomp(2)</c> itself, for which the C libraries have no function.</summary>
    public static int SeccompCall(Architecture architecture) => architecture == Architecture.X64 ? 317 : 277;
}
