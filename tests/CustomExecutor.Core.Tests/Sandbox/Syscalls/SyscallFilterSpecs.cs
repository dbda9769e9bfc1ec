using System.Runtime.InteropServices;
using CustomExecutor.Core.Sandbox.Syscalls;

namespace CustomExecutor.Core.Tests.Sandbox.Syscalls;

public sealed class SyscallFilterSpecs
{
    private const ulong Garbage = 0xFFFF_FFFF_0000_0000;
    private const ulong Pointer = 0x7FFD_1234_5678;

    public static TheoryData<Architecture, SyscallAbi> Abis =>
        new()
        {
            { Architecture.X64, SyscallAbi.X64 },
            { Architecture.X64, SyscallAbi.X86 },
            { Architecture.Arm64, SyscallAbi.Arm64 },
            { Architecture.Arm64, SyscallAbi.Arm },
        };

    [Theory]
    [MemberData(nameof(Abis))]
    public void Each_listed_call_is_judged_by_its_arguments(Architecture machine, SyscallAbi abi)
    {
        (string Name, uint Verdict, ulong[] Arguments)[] cases =
        [
            ("prlimit64", SyscallFilter.Allowed, [0, 7, Pointer, 0]),
            ("prlimit64", SyscallFilter.Allowed, [Garbage, 7, Pointer, 0]), // the kernel looks at the low half
            ("prlimit64", SyscallFilter.Allowed, [4711, 7, 0, Pointer]),
            ("prlimit64", SyscallFilter.NotPermitted, [4711, 7, Pointer, 0]),
            ("prlimit64", SyscallFilter.NotPermitted, [4711, 7, 0x1_0000_0000, 0]),
            ("prlimit64", SyscallFilter.NotPermitted, [4711, 7, 1, 0]),
            ("prlimit64", SyscallFilter.NotPermitted, [0xFFFF_FFFF, 7, Pointer, 0]),
            .. ((string[])["sched_setparam", "sched_setscheduler", "sched_setaffinity", "sched_setattr"]).SelectMany(
                name =>
                    ((string, uint, ulong[])[])
                        [
                            (name, SyscallFilter.Allowed, [0, 8, Pointer]),
                            (name, SyscallFilter.Allowed, [Garbage, 8, Pointer]),
                            (name, SyscallFilter.Ignored, [4711, 8, Pointer]),
                        ]
            ),
            ("setpriority", SyscallFilter.Allowed, [0, 0, 19]),
            ("setpriority", SyscallFilter.NotPermitted, [0, 4711, 19]),
            ("setpriority", SyscallFilter.NotPermitted, [1, 0, 19]), // the driver's group
            ("setpriority", SyscallFilter.NotPermitted, [2, 0, 19]), // all of the user's
            ("setpriority", SyscallFilter.NotPermitted, [2, 998, 19]),
            ("ioprio_set", SyscallFilter.Allowed, [1, 0, 0x6000]),
            ("ioprio_set", SyscallFilter.NotPermitted, [1, 4711, 0x6000]),
            ("ioprio_set", SyscallFilter.NotPermitted, [2, 0, 0x6000]),
            ("ioprio_set", SyscallFilter.NotPermitted, [3, 0, 0x6000]),
            ("ioctl", SyscallFilter.Allowed, [0, 0x5413, Pointer]), // TIOCGWINSZ
            ("ioctl", SyscallFilter.NotPermitted, [0, 0x5412, Pointer]),
            ("ioctl", SyscallFilter.NotPermitted, [0, Garbage | 0x5412, Pointer]),
            ("ioctl", SyscallFilter.NotPermitted, [0, 0x541C, Pointer]),
        ];

        var program = SyscallFilter.Of(SyscallAbis.Of(machine));

        foreach (var (name, verdict, arguments) in cases)
        {
            BpfMachine
                .Run(program, (uint)abi, Number(name, abi), arguments)
                .Should()
                .Be(verdict, "{0}({1})", name, string.Join(", ", arguments));
        }
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void Keyrings_and_io_uring_are_refused_and_IPC_is_absent(Architecture machine, SyscallAbi abi)
    {
        var program = SyscallFilter.Of(SyscallAbis.Of(machine));

        foreach (
            var call in FilteredSyscall.All.Where(c =>
                c.In(abi) is not null && c.Rule is SyscallRule.Refused or SyscallRule.Absent
            )
        )
        {
            BpfMachine
                .Run(program, (uint)abi, (uint)call.In(abi)!.Value)
                .Should()
                .Be(
                    call.Rule == SyscallRule.Refused ? SyscallFilter.NotPermitted : SyscallFilter.NotImplemented,
                    call.Name
                );
        }
    }

    [Theory]
    [MemberData(nameof(Abis))]
    public void Every_other_call_is_allowed(Architecture machine, SyscallAbi abi)
    {
        var program = SyscallFilter.Of(SyscallAbis.Of(machine));
        var listed = FilteredSyscall.All.Select(c => c.In(abi)).ToHashSet();

        for (var number = 0; number < 600; number++)
        {
            if (!listed.Contains(number))
            {
                BpfMachine
                    .Run(program, (uint)abi, (uint)number, 4711, 0x5412, Pointer)
                    .Should()
                    .Be(SyscallFilter.Allowed, "number {0}", number);
            }
        }
    }

    [Theory]
    [InlineData(0x4000_0000)]
    [InlineData(0x4000_0000 + 302)]
    [InlineData(0x4000_0000 + 545)]
    [InlineData(0xFFFF_FFFF)]
    public void Calls_of_x32_are_absent(uint number) =>
        BpfMachine
            .Run(SyscallFilter.Of(SyscallAbis.Of(Architecture.X64)), (uint)SyscallAbi.X64, number)
            .Should()
            .Be(SyscallFilter.NotImplemented);

    [Theory]
    [InlineData(Architecture.X64, 0xC00000B7)]
    [InlineData(Architecture.Arm64, 0xC000003E)]
    [InlineData(Architecture.Arm64, 0)]
    public void Calls_of_an_ABI_that_the_machine_does_not_have_are_absent(Architecture machine, uint abi) =>
        BpfMachine.Run(SyscallFilter.Of(SyscallAbis.Of(machine)), abi, 1).Should().Be(SyscallFilter.NotImplemented);

    [Fact]
    public void An_unsupported_architecture_has_no_ABIs() => SyscallAbis.Of(Architecture.S390x).Should().BeEmpty();

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void The_kernel_accepts_the_program(Architecture machine)
    {
        // Its own conditions (seccomp_check_filter, bpf_check_classic): at most 4096 instructions, no jump past the
        // end, a return at the end.
        var program = SyscallFilter.Of(SyscallAbis.Of(machine));

        program.Count.Should().BeLessThan(4096);
        program[^1].Code.Should().Be(BpfInstruction.ReturnCode);
        for (var at = 0; at < program.Count; at++)
            (at + 1 + Math.Max(program[at].IfTrue, program[at].IfFalse)).Should().BeLessThanOrEqualTo(program.Count);
    }

    private static uint Number(string name, SyscallAbi abi) =>
        (uint)FilteredSyscall.All.Single(c => c.Name == name).In(abi)!.Value;
}
