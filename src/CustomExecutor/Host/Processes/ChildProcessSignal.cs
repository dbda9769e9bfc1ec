namespace CustomExecutor.Host.Processes;

/// <summary>
/// Linux's signal numbers. (<see cref="System.Runtime.InteropServices.PosixSignal"/> has other numbers.)
/// </summary>
internal static class ChildProcessSignal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Pipe = 13;
    public const int Terminate = 15;
}
