using System.Runtime.InteropServices;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Processes;

/// <summary>
/// Notes the runner's SIGTERM instead of dying of it. It went to the whole process group, so a script has had it as
/// well; SIGKILL follows after <c>graceful_kill_timeout</c>. A runner that is gone counts as much: its end ends no
/// driver, and it comes back for no job. SIGQUIT is ignored: systemd sends a runner's KillSignal to its drivers too,
/// and it asks the runner to let jobs end.
/// </summary>
internal sealed class Termination : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

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
        _look = time.CreateTimer(_ => LookForRunner(), null, BetweenLooks, BetweenLooks);
    }

    /// <summary>Cancelled once the stage has to end.</summary>
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
        // At once, where there is no grace: a script that ends well after SIGTERM must find the request noted.
        if (_grace == TimeSpan.Zero)
            _requested.Cancel();
        else
            _requested.CancelAfter(_grace);
    }

    private void LookForRunner()
    {
        // Not PR_SET_PDEATHSIG: it tells of the end of the runner's thread that started us, and Go ends threads.
        if (ChildProcessNative.ParentProcess() == _runner)
            return;
        _look.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // The runner would have told the whole group, which is the driver's own if the runner has started it.
        if (ChildProcessNative.ProcessGroup() == Environment.ProcessId)
            _ = ChildProcessNative.Kill(-Environment.ProcessId, ChildProcessSignal.Terminate);
        else
            Request();
    }
}
