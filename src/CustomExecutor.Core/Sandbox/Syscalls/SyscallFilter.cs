using static CustomExecutor.Core.Sandbox.Syscalls.BpfInstruction;

namespace CustomExecutor.Core.Sandbox.Syscalls;

/// <summary>
/// The seccomp filter for scripts, as a BPF program. It checks the architecture and the call number first, so that the
/// kernel (5.11 and later) can determine which calls it always allows, and skip the filter for them.
/// </summary>
public static class SyscallFilter
{
    /// <summary><c>SECCOMP_RET_ALLOW</c>.</summary>
    public const uint Allowed = 0x7FFF_0000;

    /// <summary><c>SECCOMP_RET_ERRNO</c> with EPERM.</summary>
    public const uint NotPermitted = 0x0005_0000 | 1;

    /// <summary><c>SECCOMP_RET_ERRNO</c> with no error: the call returns 0 but is not executed.</summary>
    public const uint Ignored = 0x0005_0000;

    /// <summary><c>SECCOMP_RET_ERRNO</c> with ENOSYS.</summary>
    public const uint NotImplemented = 0x0005_0000 | 38;

    // Offsets in struct seccomp_data: int nr, u32 arch, u64 instruction_pointer, u64 args[6]; all four ABIs are
    // little-endian.
    private const uint Number = 0;
    private const uint Architecture = 4;
    private const uint FirstArgument = 16;

    /// <summary>
    /// From this number on, a 64-bit Intel kernel treats a call as an x32 call, which has its own numbers and table.
    /// </summary>
    private const uint FirstOfX32 = 0x4000_0000;

    private const uint PriorityOfProcess = 0; // PRIO_PROCESS
    private const uint IoPriorityOfProcess = 1; // IOPRIO_WHO_PROCESS
    private const uint InsertInput = 0x5412; // TIOCSTI
    private const uint VirtualConsole = 0x541C; // TIOCLINUX, which pastes a selection

    /// <summary>The program for a kernel with these ABIs. It rejects calls of all others.</summary>
    public static IReadOnlyList<BpfInstruction> Of(IReadOnlyList<SyscallAbi> abis)
    {
        var program = new List<BpfInstruction> { Load(Architecture) };
        foreach (var abi in abis)
        {
            var section = Section(abi);
            program.Add(Equal((uint)abi, 0, section.Count));
            program.AddRange(section);
        }

        program.Add(Return(NotImplemented));
        return program;
    }

    private static List<BpfInstruction> Section(SyscallAbi abi)
    {
        var section = new List<BpfInstruction> { Load(Number) };
        if (abi == SyscallAbi.X64)
            section.AddRange([AtLeast(FirstOfX32, 0, 1), Return(NotImplemented)]);
        foreach (var call in FilteredSyscall.All)
        {
            if (call.In(abi) is not { } number)
                continue;
            var verdict = Verdict(call.Rule);
            section.Add(Equal((uint)number, 0, verdict.Length));
            section.AddRange(verdict);
        }

        section.Add(Return(Allowed));
        return section;
    }

    private static BpfInstruction[] Verdict(SyscallRule rule) =>
        rule switch
        {
            SyscallRule.Refused => [Return(NotPermitted)],
            SyscallRule.Absent => [Return(NotImplemented)],
            SyscallRule.OnItself => [Load(Low(0)), Equal(0, 0, 1), Return(Allowed), Return(Ignored)],
            // The third argument is a pointer to the new limits; null means read only.
            SyscallRule.LimitsOfItself =>
            [
                Load(Low(0)),
                Equal(0, 4, 0),
                Load(Low(2)),
                Equal(0, 0, 3),
                Load(High(2)),
                Equal(0, 0, 1),
                Return(Allowed),
                Return(NotPermitted),
            ],
            SyscallRule.PriorityOfItself => OfItself(PriorityOfProcess),
            SyscallRule.IoPriorityOfItself => OfItself(IoPriorityOfProcess),
            _ =>
            [
                Load(Low(1)),
                Equal(InsertInput, 2, 0),
                Equal(VirtualConsole, 1, 0),
                Return(Allowed),
                Return(NotPermitted),
            ],
        };

    /// <summary>
    /// Checks the kind of target and its id. For a process group or a user, id 0 means the caller's own, which includes
    /// the driver and other jobs.
    /// </summary>
    private static BpfInstruction[] OfItself(uint kind) =>
        [Load(Low(0)), Equal(kind, 0, 3), Load(Low(1)), Equal(0, 0, 1), Return(Allowed), Return(NotPermitted)];

    /// <summary>The kernel reads only the low half of an int, so the filter must do the same.</summary>
    private static uint Low(uint argument) => FirstArgument + (8 * argument);

    private static uint High(uint argument) => Low(argument) + 4;
}
