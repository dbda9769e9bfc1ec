using System.Runtime.InteropServices;
using CustomExecutor.Core;
using CustomExecutor.Host.Native;
using static CustomExecutor.Host.Native.ChildProcessNative;

namespace CustomExecutor.Host.Processes;

/// <summary>A process that this process started. It can be awaited and signalled.</summary>
/// <remarks>
/// The leader of a process group stays a zombie until it is disposed of (or until this process ends). Until then, its
/// id can't be reused, so it is safe to signal the rest of its group.
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

    /// <summary>Starts a process.</summary>
    /// <exception cref="DriverException">It can't be started; the message names the file and the system's
    /// reason.</exception>
    public static ChildProcess Start(ChildProcessStart start) => Start([start])[0];

    /// <summary>
    /// Starts several processes, one after the other. The sandbox of each is inside the sandboxes of the earlier ones.
    /// </summary>
    /// <exception cref="DriverException">One can't be started. The earlier ones are running.</exception>
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

    /// <summary>Signals the process. Has no effect after it has ended.</summary>
    public void Signal(int signal) => Kill(Id, signal);

    /// <summary>
    /// Signals the process and everything that it started, even after it has ended. Only for the leader of a process
    /// group.
    /// </summary>
    public void SignalGroup(int signal)
    {
        if (!_leadsGroup)
        {
            throw new InvalidOperationException($"'{_file}' was not started with its own process group.");
        }

        Kill(-Id, signal);
    }

    /// <summary>Releases the process id. Does not end the process.</summary>
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
            // The id of a reaped process may belong to another process.
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
                    new DriverException(
                        $"Can't get the exit status of '{_file}': {Marshal.GetPInvokeErrorMessage(error)}."
                    )
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
