using System.Globalization;
using System.Runtime.InteropServices;
using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Core.Sandbox.Syscalls;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Tests.Scripts;

/// <summary>System calls of a confined program that Landlock does not cover.</summary>
public sealed class ConfinedCallSpecs(CompiledPrograms programs) : IClassFixture<CompiledPrograms>
{
    private const int NotPermitted = 1;
    private const int NotImplemented = 38;

    private static readonly Dictionary<string, string> PathOnly = new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    };

    private static readonly Dictionary<string, int> Expected = new()
    {
        ["read another's limits"] = 0,
        ["set another's limits"] = NotPermitted,
        ["set another's affinity"] = NotPermitted,
        ["set another's scheduler"] = NotPermitted,
        ["set another's attributes"] = NotPermitted,
        ["set another's priority"] = NotPermitted,
        ["set the group's priority"] = NotPermitted,
        ["set the user's priority"] = NotPermitted,
        ["set another's I/O priority"] = NotPermitted,
        ["set the group's I/O priority"] = NotPermitted,
        ["set own scheduler by number"] = 0,
        ["set own limits"] = 0,
        ["set own affinity"] = 0,
        ["set own scheduler"] = 0,
        ["set own parameters"] = 0,
        ["set own attributes"] = 0,
        ["set own priority"] = 0,
        ["set own I/O priority"] = 0,
        ["add a key"] = NotPermitted,
        ["ask for a key"] = NotPermitted,
        ["find a keyring"] = NotPermitted,
        ["set up a ring"] = NotPermitted,
        ["make shared memory"] = NotImplemented,
        ["attach shared memory"] = NotImplemented,
        ["make a semaphore"] = NotImplemented,
        ["make a message queue"] = NotImplemented,
        ["open a message queue"] = NotImplemented,
        ["ask a terminal's size"] = 0,
        ["type into a terminal"] = NotPermitted,
        ["set another's priority by a 32-bit call"] = NotPermitted,
        ["set own priority by a 32-bit call"] = 0,
        ["make a semaphore by a 32-bit call"] = NotImplemented,
    };

    [LandlockFact]
    public async Task A_confined_program_can_change_itself_but_no_other_process_and_nothing_that_jobs_share()
    {
        using var sandbox = Everything();

        (await Call(sandbox)).Should().BeEquivalentTo(OfThisMachine(Expected));
    }

    [LandlockFact]
    public async Task Without_confinement_each_of_these_calls_has_an_effect_so_it_is_the_filter_that_refuses()
    {
        (await Call(null)).Should().BeEquivalentTo(OfThisMachine(Expected.ToDictionary(c => c.Key, _ => 0)));
    }

    [LandlockTheory]
    [InlineData("a limit of its own", "ulimit -n 100; ulimit -n", "100\n")]
    [InlineData("a program with a limit", "prlimit --nofile=99 bash -c 'ulimit -n'", "99\n")]
    [InlineData("a program with less priority", "nice -n 5 nice", "5\n")]
    [InlineData("a program on one processor", "taskset -c 0 nproc", "1\n")]
    [InlineData("a batch program", "chrt -b 0 chrt -p 0 | head -n1 | grep -o SCHED_BATCH", "SCHED_BATCH\n")]
    [InlineData("an idle program", "ionice -c3 ionice", "idle\n")]
    public async Task A_confined_script_can_set(string what, string script, string output)
    {
        using var sandbox = Everything();

        (await Run(sandbox, "bash", ["-c", script])).Should().Be(output, what);
    }

    [LandlockFact]
    public void This_kernel_can_filter_system_calls() => Seccomp.Absence().Should().BeNull();

    [Theory]
    [InlineData(SyscallAbi.X64, "asm/unistd_64.h")]
    [InlineData(SyscallAbi.X86, "asm/unistd_32.h")]
    [InlineData(SyscallAbi.Arm64, "asm-generic/unistd.h")]
    public async Task The_numbers_of_the_filter_are_those_of_the_kernels_headers(SyscallAbi abi, string header)
    {
        Assert.SkipUnless(
            RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "Another machine has other headers."
        );
        var names = string.Concat(FilteredSyscall.All.Select(c => $"number {c.Name} __NR_{c.Name}\n"));
        // Two of the generic numbers have names of their own there, from which __NR_ ones come only in a kernel's
        // build.
        var text = (
            await (
                (abi == SyscallAbi.Arm64 ? "#define __BITS_PER_LONG 64\n#define __ARCH_WANT_TIME32_SYSCALLS\n" : "")
                    + $"#include <{header}>\n{names}"
                | Cli.Wrap("gcc").WithArguments(["-E", "-P", "-"])
            ).ExecuteBufferedAsync(TestContext.Current.CancellationToken)
        ).StandardOutput;

        var numbers = text.Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words[0] == "number")
            .ToDictionary(
                words => words[1],
                words => int.TryParse(words[2], CultureInfo.InvariantCulture, out var number) ? number : (int?)null
            );

        foreach (var call in FilteredSyscall.All.Where(c => c.In(abi) is not null))
            numbers[call.Name].Should().Be(call.In(abi), call.Name);
        foreach (var call in FilteredSyscall.All.Where(c => c.In(abi) is null && c.Name != "semtimedop_time64"))
            numbers[call.Name].Should().BeNull(call.Name);
    }

    private static Landlock Everything() =>
        Landlock.Create(new LandlockRights(Landlock.Version().Abi), [new SandboxGrant("/", SandboxAccess.Full)]);

    private static Dictionary<string, int> OfThisMachine(Dictionary<string, int> calls) =>
        calls
            .Where(c =>
                Environment.ProcessorCount > 1
                || !c.Key.Contains("affinity", StringComparison.Ordinal)
                || c.Key.Contains("own", StringComparison.Ordinal)
            )
            .Where(c =>
                RuntimeInformation.ProcessArchitecture == Architecture.X64
                || !c.Key.Contains("32-bit", StringComparison.Ordinal)
            )
            .ToDictionary();

    private async Task<Dictionary<string, int>> Call(Landlock? sandbox)
    {
        using var other = ChildProcess.Start(new ChildProcessStart("sleep", ["60"], PathOnly));
        try
        {
            var output = await Run(sandbox, programs.Calls, [other.Id.ToString(CultureInfo.InvariantCulture)]);
            return output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('='))
                .ToDictionary(c => c[0], c => int.Parse(c[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            other.Signal(ChildProcessSignal.Kill);
        }
    }

    private static async Task<string> Run(Landlock? sandbox, string program, string[] arguments)
    {
        using var pipe = new ChildProcessPipe();
        using var child = ChildProcess.Start(
            new ChildProcessStart(program, arguments, PathOnly)
            {
                Sandbox = sandbox,
                NewProcessGroup = true,
                StandardOutput = pipe.Writer,
                StandardError = pipe.Writer,
            }
        );
        pipe.CloseWriter();
        using var reader = new StreamReader(pipe.Reader);
        var output = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        (await child.Exit).Code.Should().Be(0, output);
        return output;
    }
}
