using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Host.Processes;

/// <summary>A pipe whose one end we read and whose other end children write.</summary>
internal sealed class ChildProcessPipe : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);

    public ChildProcessPipe() =>
        Writer = new SafeFileHandle(_pipe.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);

    /// <summary>Ends when no process holds the other end any more.</summary>
    public Stream Reader => _pipe;

    public SafeFileHandle Writer { get; }

    /// <summary>To be called when the children are started: as long as we hold the writing end ourselves, the reading
    /// end never ends.</summary>
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
