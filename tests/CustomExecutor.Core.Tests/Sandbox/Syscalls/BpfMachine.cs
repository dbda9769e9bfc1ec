using System.Buffers.Binary;
using CustomExecutor.Core.Sandbox.Syscalls;

namespace CustomExecutor.Core.Tests.Sandbox.Syscalls;

/// <summary>Runs a filter as the kernel does, on one system call.</summary>
internal static class BpfMachine
{
    public static uint Run(IReadOnlyList<BpfInstruction> program, uint abi, uint number, params ulong[] arguments)
    {
        var call = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(call, number);
        BinaryPrimitives.WriteUInt32LittleEndian(call.AsSpan(4), abi);
        for (var i = 0; i < arguments.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(call.AsSpan(16 + (8 * i)), arguments[i]);
        uint loaded = 0;
        for (var at = 0; ; at++)
        {
            var (code, ifTrue, ifFalse, value) = program[at];
            switch (code)
            {
                case BpfInstruction.LoadCode:
                    loaded = BinaryPrimitives.ReadUInt32LittleEndian(call.AsSpan((int)value));
                    break;
                case BpfInstruction.EqualCode:
                    at += loaded == value ? ifTrue : ifFalse;
                    break;
                case BpfInstruction.AtLeastCode:
                    at += loaded >= value ? ifTrue : ifFalse;
                    break;
                case BpfInstruction.ReturnCode:
                    return value;
                default:
                    throw new InvalidOperationException($"instruction {at} has the unknown code {code}");
            }
        }
    }
}
