using CustomExecutor.Core.Sandbox;
using CustomExecutor.Host.Native;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Scripts;

/// <summary>
/// A script and everything that it starts. No process of the script outlives this process, however either of them ends.
/// </summary>
internal sealed class ScriptProcess : IDisposable
{
    /// <summary>For the guard to end the domain, and for the script itself to end of SIGKILL; both take a
    /// millisecond.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(2);

    private readonly Descendants _descendants;
    private readonly TimeProvider _time;
    private readonly ScriptGuard? _guard;
    private readonly ChildProcess? _guardProcess;
    private readonly ChildProcess _script;

    private ScriptProcess(
        Descendants descendants,
        ScriptGuard? guard,
        ChildProcess? guardProcess,
        ChildProcess script,
        TimeProvider time
    ) => (_descendants, _guard, _guardProcess, _script, _time) = (descendants, guard, guardProcess, script, time);

    /// <summary>How the script's first process ended.</summary>
    public Task<ChildExit> Exit => _script.Exit;

    /// <summary>Starts it.</summary>
    /// <param name="script">What to start.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="Core.DriverException">It can't be started or confined.</exception>
    public static ScriptProcess Start(ChildProcessStart script, TimeProvider time)
    {
        using var scope = script.Sandbox is { ScopesSignals: true }
            ? Landlock.CreateScope(new LandlockRights(Landlock.Version().Abi))
            : null;
        // Without a scope, the guard kills the process group, which the driver must lead. The runner starts it this
        // way.
        var guard =
            scope is not null || ChildProcessNative.ProcessGroup() == Environment.ProcessId
                ? new ScriptGuard(scope)
                : null;
        var descendants = new Descendants(time);
        try
        {
            var children = ChildProcess.Start(guard is null ? [script] : [guard.Start, script]);
            guard?.Started();
            return new ScriptProcess(descendants, guard, guard is null ? null : children[0], children[^1], time);
        }
        catch
        {
            guard?.Dispose();
            descendants.Dispose();
            throw;
        }
    }

    /// <summary>Signals all processes of the script.</summary>
    public void SignalAll(int signal) => _descendants.Signal(signal);

    /// <summary>Kills the script's first process.</summary>
    public void Kill() => _script.Signal(ChildProcessSignal.Kill);

    /// <summary>Ends all processes of the script: SIGTERM, then SIGKILL after the grace period.</summary>
    /// <param name="grace">The time between SIGTERM and SIGKILL.</param>
    /// <returns>The names of the processes that had to be killed; usually empty.</returns>
    /// <exception cref="Core.DriverException">Some do not end.</exception>
    public async Task<IReadOnlyCollection<string>> End(TimeSpan grace)
    {
        await _descendants.AskToEnd(grace, _script, _guardProcess);
        _guard?.Release();
        await Ended(_guardProcess?.Exit);
        if (!_script.Exit.IsCompleted)
            SignalAll(ChildProcessSignal.Kill);
        await Ended(_script.Exit);
        _guardProcess?.Dispose();
        await _descendants.KillAll();
        return _descendants.Ended;
    }

    public void Dispose()
    {
        _script.Dispose();
        _guardProcess?.Dispose();
        _guard?.Dispose();
        _descendants.Dispose();
    }

    private async Task Ended(Task<ChildExit>? exit)
    {
        if (exit is not null)
            await Task.WhenAny(exit, Task.Delay(GracePeriod, _time));
    }
}
