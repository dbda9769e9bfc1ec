using CustomExecutor.Core;
using CustomExecutor.Host.Native;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Commands.Doctor;

/// <summary>Tests a sandbox from inside.</summary>
internal sealed class SandboxTrial
{
    private const int Probe = 0;

    private readonly string[] _hidden;
    private readonly bool[] _reached;

    private SandboxTrial(IEnumerable<string> hidden)
    {
        // Paths that this user can't open anyway prove nothing.
        _hidden = [.. hidden.Where(CanOpen)];
        _reached = new bool[_hidden.Length];
    }

    /// <summary>The tested paths, which this user can open, and whether a script could open them.</summary>
    public IEnumerable<(string Path, bool Reached)> Files => _hidden.Zip(_reached);

    /// <summary>Whether a script could read another process's environment.</summary>
    public bool ReadsEnvironments { get; private set; }

    /// <summary>Whether a script could signal another job's process.</summary>
    public bool Signals { get; private set; }

    /// <summary>Whether a script could watch (inotify) a path that it can't open.</summary>
    public bool Watches { get; private set; }

    /// <summary>Runs the tests.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="hidden">The paths that a script must not open.</param>
    /// <exception cref="DriverException">The kernel does not confine a thread.</exception>
    public static SandboxTrial Run(Landlock sandbox, IEnumerable<string> hidden)
    {
        var trial = new SandboxTrial(hidden);
        // Stands for another job's process.
        using var other = ChildProcess.Start(
            new ChildProcessStart(
                "sleep",
                ["60"],
                new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" }
            )
        );
        var environment = $"/proc/{other.Id}/environ";
        ConfinedThread.Run(sandbox, () => trial.Try(other.Id, environment));
        other.Signal(ChildProcessSignal.Kill);
        return trial;
    }

    private void Try(int process, string environment)
    {
        for (var i = 0; i < _hidden.Length; i++)
            _reached[i] = CanOpen(_hidden[i]);
        ReadsEnvironments = CanOpen(environment);
        Signals = ChildProcessNative.Kill(process, Probe) == 0;
        var watcher = InotifyNative.Open(InotifyNative.CloseOnExec);
        foreach (var path in _hidden)
            Watches |= InotifyNative.Watch(watcher, path, InotifyNative.Created) >= 0;
        _ = FileCalls.Close(watcher);
    }

    private static bool CanOpen(string path)
    {
        var file = FileCalls.Open(path, FileCalls.ReadOnly | FileCalls.CloseOnExec, 0);
        if (file >= 0)
            _ = FileCalls.Close(file);
        return file >= 0;
    }
}
