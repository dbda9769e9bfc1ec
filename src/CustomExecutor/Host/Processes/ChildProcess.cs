using System.Runtime.InteropServices;
using CustomExecutor.Core;
using CustomExecutor.Host.Native;
using static CustomExecutor.Host.Native.ChildProcessNative;

namespace CustomExecutor.Host.Processes;

/// <summary>A process that we started; it can be awaited and signalled.</summary>
/// <remarks>
/// The leader of a process group stays a zombie until it is disposed of (or until we end): as long as it is one, its
/// number can't be given to another process, and the group that it left behind can be signalled safely.
/// </remarks>
internal sealed class ChildProcess : IDisposable
{
    private readonly TaskCompletionSource<ChildExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly bool _leadsGroup;
    private bool _disposed;
    private bool _reaped;

    private ChildProcess(ChildProcessStart start, int id)
    {
        Id = id;
        _file = start.File;
        _leadsGroup = start.NewProcessGroup;
    }

    public int Id { get; }

    public Task<ChildExit> Exit => _exit.Task;

    /// <summary>Starts it.</summary>
    /// <exception cref="DriverException">It can't be started; the message names the file and the system's
    /// reason.</exception>
    public static ChildProcess Start(ChildProcessStart start) => Start([start])[0];

    /// <summary>Starts several, one after the other; the sandbox of each lies within the sandboxes of those before
    /// it.</summary>
    /// <exception cref="DriverException">One can't be started; those before it run.</exception>
    public static IReadOnlyList<ChildProcess> Start(IReadOnlyList<ChildProcessStart> starts)
    {
        ChildProcess[] children =
        [
            .. starts.Zip(ChildProcessLaunch.Run(starts), (start, id) => new ChildProcess(start, id)),
        ];
        foreach (var child in children)
        {
            new Thread(child.Await, maxStackSize: 256 * 1024)
            {
                IsBackground = true,
                Name = $"wait {child.Id}",
            }.Start();
        }

        return children;
    }

    /// <summary>Signals the process; nothing happens once it has ended.</summary>
    public void Signal(int signal) => Kill(Id, signal);

    /// <summary>Signals the process and what it started, even after it has ended itself; only for one that leads a
    /// process group.</summary>
    public void SignalGroup(int signal)
    {
        if (!_leadsGroup)
        {
            throw new InvalidOperationException($"'{_file}' was not started with a process group of its own.");
        }

        Kill(-Id, signal);
    }

    /// <summary>Gives up signalling; ends nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            if (_exit.Task.IsCompleted)
            {
                Reap();
            }
        }
    }

    private void Kill(int target, int signal)
    {
        lock (_lock)
        {
            // A reaped process' number may be another's by now.
            if (
                !_reaped
                && ChildProcessNative.Kill(target, signal) != 0
                && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess
            )
            {
                throw new DriverException(
                    $"Can't send signal {signal} to '{_file}' ({target}): {Marshal.GetPInvokeErrorMessage(error)}."
                );
            }
        }
    }

    private unsafe void Await()
    {
        var info = stackalloc int[OpaqueSize / sizeof(int)];
        int error;
        do
        {
            error = Wait(WaitForPid, Id, info, WaitExited | WaitLeaveZombie) == 0 ? 0 : Marshal.GetLastPInvokeError();
        } while (error == Interrupted);

        lock (_lock)
        {
            if (error != 0)
            {
                _reaped = true;
                _exit.SetException(
                    new DriverException($"Can't learn how '{_file}' ended: {Marshal.GetPInvokeErrorMessage(error)}.")
                );
                return;
            }

            if (!_leadsGroup || _disposed)
            {
                Reap();
            }

            var status = info[InfoStatusIndex];
            _exit.SetResult(
                info[InfoCodeIndex] == ExitedByItself ? new ChildExit(status, null) : new ChildExit(null, status)
            );
        }
    }

    private unsafe void Reap()
    {
        if (!_reaped)
        {
            int status;
            _ = ChildProcessNative.Reap(Id, &status, WaitNoHang);
            _reaped = true;
        }
    }
}
