using System.Runtime.InteropServices;
using CustomExecutor.Core.Job;
using CustomExecutor.Host.Sandbox;
using Microsoft.Win32.SafeHandles;
using static CustomExecutor.Host.ChildProcessNative;

namespace CustomExecutor.Host;

/// <summary>One call of posix_spawn.</summary>
/// <remarks>
/// Not <see cref="System.Diagnostics.Process"/>: that gives the child .NET's ignored SIGPIPE (<c>yes | head -n1</c> then fails loudly, and
/// no shell can undo a signal ignored on entry), and can't make it lead a process group. The child is cloned from the thread that calls
/// and so inherits what confines that: a thread of its own is confined for it and ends, and the rest of this process keeps its rights.
/// </remarks>
internal static unsafe class ChildProcessSpawn
{
    /// <returns>The child's process id.</returns>
    public static int Run(ChildProcessStart start)
    {
        var path = ChildProcessFile.Find(start)
            ?? throw new DriverException($"Can't start '{start.File}': no directory in PATH has an executable file of that name.");
        if (path.Contains('\0') || start.WorkingDirectory?.Contains('\0') == true)
        {
            throw new DriverException("Can't start a program: its path or its working directory has a NUL character.");
        }

        using var arguments = ChildProcessStrings.Arguments(start);
        using var environment = ChildProcessStrings.Environment(start);
        var attributes = stackalloc byte[OpaqueSize];
        var fileActions = stackalloc byte[OpaqueSize];
        Require(start, InitAttributes(attributes));
        try
        {
            Require(start, InitFileActions(fileActions));
            try
            {
                Describe(start, attributes);
                Redirect(start, fileActions);

                // .NET opens everything close-on-exec; this is for what our own parent let us inherit. A kernel before 5.11 lacks it.
                _ = CloseRange(CloseRangeCall, 3, uint.MaxValue, CloseRangeOnExec);
                var pid = 0;
                var list = arguments.Pointer;
                var variables = environment.Pointer;
                Require(start, start.Sandbox is { } sandbox
                    ? Confined(sandbox, () => Spawn(out pid, path, fileActions, attributes, list, variables))
                    : Spawn(out pid, path, fileActions, attributes, list, variables));
                return pid;
            }
            finally
            {
                _ = DestroyFileActions(fileActions);
                GC.KeepAlive(start);
            }
        }
        finally
        {
            _ = DestroyAttributes(attributes);
        }
    }

    private static int Confined(Landlock sandbox, Func<int> spawn)
    {
        var (refused, error) = (0, 0);
        var thread = new Thread(
            () =>
            {
                refused = sandbox.RestrictCallingThread();
                if (refused == 0) error = spawn();
            },
            maxStackSize: 256 * 1024) { Name = "confined" };
        thread.Start();
        thread.Join();
        return refused == 0 ? error
            : throw new DriverException($"The script can't be confined ({Marshal.GetPInvokeErrorMessage(refused)}), so it was not started. scriptSandbox.mode \"never\" in the settings lets scripts run unconfined.");
    }

    private static void Describe(ChildProcessStart start, void* attributes)
    {
        // sigset_t is a set of bits. sigfillset would leave out glibc's own two signals, which glibc then has the child ignore.
        Span<byte> signals = stackalloc byte[OpaqueSize];
        fixed (byte* set = signals)
        {
            signals.Fill(0xFF);
            Require(start, SetSignalsToDefault(attributes, set));
            signals.Clear();
            Require(start, SetMask(attributes, set));
        }

        Require(start, SetGroup(attributes, 0));
        var group = start.NewProcessGroup ? SetProcessGroup : (short)0;
        Require(start, SetFlags(attributes, (short)(SetDefaultSignals | SetSignalMask | group)));
    }

    private static void Redirect(ChildProcessStart start, void* fileActions)
    {
        Duplicate(start, fileActions, start.StandardOutput, 1);
        Duplicate(start, fileActions, start.StandardError, 2);
        if (!start.InheritStandardInput)
        {
            Require(start, AddOpen(fileActions, 0, "/dev/null", OpenReadOnly, 0));
        }

        if (start.WorkingDirectory is { } directory)
        {
            Require(start, AddWorkingDirectory(fileActions, directory));
        }
    }

    private static void Duplicate(ChildProcessStart start, void* fileActions, SafeFileHandle? handle, int descriptor)
    {
        if (handle is not null)
        {
            Require(start, AddDuplicate(fileActions, (int)handle.DangerousGetHandle(), descriptor));
        }
    }

    // These functions return the errno instead of setting it.
    private static void Require(ChildProcessStart start, int error)
    {
        if (error != 0)
        {
            var place = start.WorkingDirectory is { } directory ? $" in '{directory}'" : "";
            throw new DriverException($"Can't start '{start.File}'{place}: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }
}
