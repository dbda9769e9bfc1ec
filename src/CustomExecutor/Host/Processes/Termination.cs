using System.Runtime.InteropServices;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Processes;

/// <summary>
/// Handles the runner's SIGTERM instead of dying from it. The runner signals the whole process group, so the script
/// gets it too; SIGKILL follows after <c>graceful_kill_timeout</c>. The end of the runner is treated like SIGTERM: it
/// does not end its drivers, and does not resume jobs. SIGQUIT is ignored: it asks the runner to finish its jobs, but
/// systemd sends a runner's KillSignal to its drivers too.
/// </summary>
internal sealed class Termination : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _requested;
    private readonly int _runner = ChildProcessNative.ParentProcess();
    private readonly ITimer _look;
    private readonly TimeSpan _grace;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private bool _asked;

    /// <param name="grace">How long the stage works on after the request.</param>
    /// <param name="time">The clock.</param>
    public Termination(TimeSpan grace, TimeProvider time)
    {
        _grace = grace;
        _requested = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Request));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Request));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => signal.Cancel = true));
        _look = time.CreateTimer(_ => LookForRunner(), null, PollInterval, PollInterval);
    }

    /// <summary>Cancelled when the stage must end.</summary>
    public CancellationToken Token => _requested.Token;

    public void Dispose()
    {
        _look.Dispose();
        foreach (var registration in _registrations)
            registration.Dispose();
        _requested.Dispose();
    }

    private void Request(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Request();
    }

    private void Request()
    {
        if (Interlocked.Exchange(ref _asked, true))
            return;
        // Immediately without a grace period: if a script exits with 0 after SIGTERM, the request must already be
        // recorded.
        if (_grace == TimeSpan.Zero)
            _requested.Cancel();
        else
            _requested.CancelAfter(_grace);
    }

    private void LookForRunner()
    {
        // Not PR_SET_PDEATHSIG: it signals the end of the runner's thread that started this process, and Go ends
        // threads.
        if (ChildProcessNative.ParentProcess() == _runner)
            return;
        _look.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // The runner would have signalled the whole group, which the driver leads if the runner started it.
        if (ChildProcessNative.ProcessGroup() == Environment.ProcessId)
            _ = ChildProcessNative.Kill(-Environment.ProcessId, ChildProcessSignal.Terminate);
        else
            Request();
    }
}
