using System.Runtime.InteropServices;
using CustomExecutor.Core;
using Microsoft.Win32.SafeHandles;
using static CustomExecutor.Host.Native.ChildProcessNative;

namespace CustomExecutor.Host.Processes;

/// <summary>
/// A prepared call of posix_spawn. The call itself does not allocate memory, so a confined thread can make it.
/// </summary>
/// <remarks>
/// Not <see cref="System.Diagnostics.Process"/>: its children ignore SIGPIPE like .NET (<c>yes | head -n1</c> then
/// prints an error, and a shell can't undo a signal that is ignored on entry), and it can't create a process group.
/// </remarks>
internal sealed unsafe class ChildProcessSpawn : IDisposable
{
    private readonly ChildProcessStart _start;
    private readonly string _path;
    private readonly ChildProcessStrings _arguments;
    private readonly ChildProcessStrings _environment;
    private readonly byte* _attributes = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
    private readonly byte* _fileActions = (byte*)NativeMemory.AllocZeroed(OpaqueSize);
    private int _id;

    /// <exception cref="DriverException">The program is not found, or a string is not valid for it.</exception>
    public ChildProcessSpawn(ChildProcessStart start)
    {
        _start = start;
        _path =
            ChildProcessFile.Find(start)
            ?? throw new DriverException(
                $"Can't start '{start.File}': no directory in PATH has an executable file of that name."
            );
        if (_path.Contains('\0') || start.WorkingDirectory?.Contains('\0') == true)
        {
            throw new DriverException("Can't start a program: its path or its working directory has a NUL character.");
        }

        _arguments = ChildProcessStrings.Arguments(start);
        _environment = ChildProcessStrings.Environment(start);
        Require(InitAttributes(_attributes));
        Require(InitFileActions(_fileActions));
        Describe();
        Redirect();
    }

    /// <summary>The child's process id, after it has been started.</summary>
    public int Id => _id;

    /// <summary>Starts the child.</summary>
    /// <returns>0, or the system's error number.</returns>
    public int Run() => Spawn(out _id, _path, _fileActions, _attributes, _arguments.Pointer, _environment.Pointer);

    /// <summary>Throws for an error number, which these functions return instead of setting it.</summary>
    public void Require(int error)
    {
        if (error != 0)
        {
            var place = _start.WorkingDirectory is { } directory ? $" in '{directory}'" : "";
            throw new DriverException($"Can't start '{_start.File}'{place}: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    public void Dispose()
    {
        _ = DestroyFileActions(_fileActions);
        _ = DestroyAttributes(_attributes);
        NativeMemory.Free(_fileActions);
        NativeMemory.Free(_attributes);
        _environment.Dispose();
        _arguments.Dispose();
        GC.KeepAlive(_start);
    }

    private void Describe()
    {
        // sigset_t is a bit set. sigfillset would omit glibc's two internal signals, which the child would then ignore.
        Span<byte> signals = stackalloc byte[OpaqueSize];
        fixed (byte* set = signals)
        {
            signals.Fill(0xFF);
            Require(SetSignalsToDefault(_attributes, set));
            signals.Clear();
            Require(SetMask(_attributes, set));
        }

        // A new session is also a new process group. It has no controlling terminal, so a script can't inject input
        // into one.
        var session = _start.NewProcessGroup ? SetSession : (short)0;
        Require(SetFlags(_attributes, (short)(SetDefaultSignals | SetSignalMask | session)));
    }

    private void Redirect()
    {
        Duplicate(_start.StandardInput, 0);
        Duplicate(_start.StandardOutput, 1);
        Duplicate(_start.StandardError, 2);
        if (!_start.InheritStandardInput && _start.StandardInput is null)
        {
            Require(AddOpen(_fileActions, 0, "/dev/null", OpenReadOnly, 0));
        }

        if (_start.WorkingDirectory is { } directory)
        {
            Require(AddWorkingDirectory(_fileActions, directory));
        }
    }

    private void Duplicate(SafeFileHandle? handle, int descriptor)
    {
        if (handle is not null)
        {
            Require(AddDuplicate(_fileActions, (int)handle.DangerousGetHandle(), descriptor));
        }
    }
}
