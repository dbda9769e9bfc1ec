using System.IO.Pipes;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Scripts;

/// <summary>
/// A small process that waits for this process's end, however that comes (a pipe that only this process holds is
/// closed), and then ends the script's processes. It also ends them when it is asked to.
/// </summary>
/// <remarks>
/// Where the kernel scopes signals (Linux 6.12), the guard is confined to a domain of Landlock, and the script to
/// another one within it. So the guard's <c>kill(-1)</c> reaches every process of the script and no other process, and
/// it misses none that forks meanwhile: the kernel signals all in one step, and <c>fork</c> fails with a signal
/// pending. The script can't signal the guard, which is outside of its domain. No cgroup is used: it would have to be
/// delegated to the runner's user, which the package's unit and most containers don't do. Elsewhere the guard only ends
/// the process group that the driver leads and the script begins in, and the driver does the rest while it lives.
/// </remarks>
internal sealed class ScriptGuard : IDisposable
{
    private const string IgnoreSignals = "trap '' TERM INT QUIT HUP; ";

    // kill -1 without a scope would end all processes of the user. That the driver itself can be signalled would show
    // it.
    private const string EndDomain = IgnoreSignals + "kill -s 0 \"$PPID\" && exit 1; read -r _; kill -s KILL -- -1";

    private const string EndGroup = IgnoreSignals + "read -r _ || kill -s KILL 0";

    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out, HandleInheritability.None);
    private readonly SafeFileHandle _null = File.OpenHandle(
        "/dev/null",
        access: FileAccess.Write,
        share: FileShare.ReadWrite
    );
    private readonly SafeFileHandle _reader;

    /// <param name="scope">Confines the guard; null where the kernel can't scope signals.</param>
    public ScriptGuard(Landlock? scope)
    {
        _reader = new SafeFileHandle(_pipe.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        Start = new ChildProcessStart(
            "sh",
            ["-c", scope is null ? EndGroup : EndDomain, "custom-executor-guard"],
            new Dictionary<string, string>()
        )
        {
            Sandbox = scope,
            WorkingDirectory = "/",
            // In a group of its own it outlives the SIGKILL that the runner sends to the driver's.
            NewProcessGroup = scope is not null,
            StandardInput = _reader,
            // Not the job log's pipes, for whose end the runner waits.
            StandardOutput = _null,
            StandardError = _null,
        };
    }

    /// <summary>How to start it. It must be started before the script, by the same thread.</summary>
    public ChildProcessStart Start { get; }

    /// <summary>To be called once it has been started: from then on only the guard holds the pipe's other
    /// end.</summary>
    public void Started()
    {
        _pipe.DisposeLocalCopyOfClientHandle();
        _null.Dispose();
    }

    /// <summary>Has it end the script's processes, if they are in a domain, and itself.</summary>
    public void Release()
    {
        try
        {
            _pipe.Write("\n"u8);
        }
        catch (IOException)
        {
            // It has ended already.
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _null.Dispose();
        _pipe.Dispose();
    }
}
