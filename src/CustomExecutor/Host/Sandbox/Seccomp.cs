using System.Runtime.InteropServices;
using CustomExecutor.Core.Sandbox.Syscalls;
using CustomExecutor.Host.Native;
using static CustomExecutor.Host.Native.SeccompNative;

namespace CustomExecutor.Host.Sandbox;

/// <summary>
/// The filter for system calls that protects other jobs' processes, keys and IPC where Landlock does not. It applies to
/// a thread and everything that it starts. It needs <c>no_new_privs</c> but no privileges.
/// </summary>
internal sealed unsafe class Seccomp : IDisposable
{
    private readonly FilterProgram* _program;

    private Seccomp(IReadOnlyList<BpfInstruction> program)
    {
        // In memory that the garbage collector does not move: the confined thread only passes the address.
        _program = (FilterProgram*)
            NativeMemory.Alloc((nuint)(sizeof(FilterProgram) + (program.Count * sizeof(Instruction))));
        var instructions = (Instruction*)(_program + 1);
        for (var i = 0; i < program.Count; i++)
        {
            var (code, ifTrue, ifFalse, value) = program[i];
            instructions[i] = new Instruction
            {
                Code = code,
                IfTrue = ifTrue,
                IfFalse = ifFalse,
                Value = value,
            };
        }

        *_program = new FilterProgram { Length = (ushort)program.Count, Instructions = instructions };
    }

    /// <summary>Why this host can't filter system calls, half a sentence; null if it can.</summary>
    public static string? Absence()
    {
        if (SyscallAbis.Of(RuntimeInformation.ProcessArchitecture).Count == 0)
            return $"the driver has no system call table for {RuntimeInformation.ProcessArchitecture}";
        var action = ErrorAction;
        return Call(Number, ActionIsAvailable, 0, &action) == 0
            ? null
            : Marshal.GetLastPInvokeError() switch
            {
                LandlockNative.NoSuchCall or LandlockNative.InvalidArgument =>
                    "this kernel was built without seccomp filters (CONFIG_SECCOMP_FILTER)",
                var error => $"seccomp can't be used: {Marshal.GetPInvokeErrorMessage(error)}",
            };
    }

    /// <summary>Creates the filter; null if this host does not support it.</summary>
    public static Seccomp? Create() =>
        Absence() is null
            ? new Seccomp(SyscallFilter.Of(SyscallAbis.Of(RuntimeInformation.ProcessArchitecture)))
            : null;

    /// <summary>
    /// Filters the calling thread permanently. The thread must have set <c>no_new_privs</c>. This does not allocate
    /// memory.
    /// </summary>
    /// <returns>0, or the system's error number.</returns>
    public int RestrictCallingThread() =>
        Call(Number, SetFilter, KeepSpeculation, _program) == 0 ? 0 : Marshal.GetLastPInvokeError();

    public void Dispose() => NativeMemory.Free(_program);

    private static long Number => SyscallAbis.SeccompCall(RuntimeInformation.ProcessArchitecture);
}
