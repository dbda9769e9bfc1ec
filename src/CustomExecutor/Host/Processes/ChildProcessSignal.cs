namespace CustomExecutor.Host.Processes;

/// <summary>Linux' signal numbers (those of <see cref="System.Runtime.InteropServices.PosixSignal"/> are .NET's
/// own).</summary>
internal static class ChildProcessSignal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Pipe = 13;
    public const int Terminate = 15;
}
