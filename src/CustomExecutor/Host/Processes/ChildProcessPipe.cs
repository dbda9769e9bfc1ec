using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Host.Processes;

/// <summary>A pipe that this process reads and its children write to.</summary>
internal sealed class ChildProcessPipe : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);

    public ChildProcessPipe() =>
        Writer = new SafeFileHandle(_pipe.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);

    /// <summary>Ends when all processes have closed the writing end.</summary>
    public Stream Reader => _pipe;

    public SafeFileHandle Writer { get; }

    /// <summary>
    /// Must be called after the children are started: the reading end cannot end while this process has the writing end
    /// open.
    /// </summary>
    public void CloseWriter()
    {
        Writer.Dispose();
        _pipe.DisposeLocalCopyOfClientHandle();
    }

    public void Dispose()
    {
        Writer.Dispose();
        _pipe.Dispose();
    }
}
