namespace CustomExecutor.Core.Sandbox.Syscalls;

/// <summary>
/// One instruction of classic BPF (the kernel's <c>struct sock_filter</c>); seccomp filters are programs of such
/// instructions.
/// </summary>
/// <param name="Code">The operation.</param>
/// <param name="IfTrue">How many instructions to skip if a comparison is true.</param>
/// <param name="IfFalse">How many instructions to skip if a comparison is false.</param>
/// <param name="Value">The operand.</param>
public readonly record struct BpfInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value)
{
    /// <summary>Loads 32 bits of the system call's description (<c>BPF_LD | BPF_W | BPF_ABS</c>).</summary>
    public const ushort LoadCode = 0x20;

    /// <summary>Compares for equality (<c>BPF_JMP | BPF_JEQ | BPF_K</c>).</summary>
    public const ushort EqualCode = 0x15;

    /// <summary>Compares for greater or equal, unsigned (<c>BPF_JMP | BPF_JGE | BPF_K</c>).</summary>
    public const ushort AtLeastCode = 0x35;

    /// <summary>Ends the program with a verdict (<c>BPF_RET | BPF_K</c>).</summary>
    public const ushort ReturnCode = 0x06;

    /// <summary>Loads 32 bits at this offset of <c>struct seccomp_data</c>.</summary>
    public static BpfInstruction Load(uint offset) => new(LoadCode, 0, 0, offset);

    /// <summary>Compares what was loaded; skips instructions by the result.</summary>
    public static BpfInstruction Equal(uint value, int ifTrue, int ifFalse) =>
        new(EqualCode, checked((byte)ifTrue), checked((byte)ifFalse), value);

    /// <summary>Compares what was loaded; skips instructions by the result.</summary>
    public static BpfInstruction AtLeast(uint value, int ifTrue, int ifFalse) =>
        new(AtLeastCode, checked((byte)ifTrue), checked((byte)ifFalse), value);

    /// <summary>Ends the program.</summary>
    public static BpfInstruction Return(uint verdict) => new(ReturnCode, 0, 0, verdict);
}
