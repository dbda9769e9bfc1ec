using System.Runtime.InteropServices;

namespace CustomExecutor.Host;

/// <summary>
/// Notes the runner's SIGTERM instead of dying of it. It went to the whole process group, so a script has had it as well; SIGKILL follows after
/// <c>graceful_kill_timeout</c>. SIGQUIT is ignored: systemd sends a runner's KillSignal to its drivers too, and it asks the runner to let jobs end.
/// </summary>
internal sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Termination()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Request));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Request));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => signal.Cancel = true));
    }

    /// <summary>Cancelled once the runner wants this stage to end.</summary>
    public CancellationToken Token => _requested.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _requested.Dispose();
    }

    private void Request(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _requested.Cancel();
    }
}
