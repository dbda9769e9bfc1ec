using System.IO.Pipes;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Scripts;

/// <summary>
/// A small process that kills the script's processes when this process ends for any reason (then a pipe is closed that
/// only this process has open). It also kills them on request.
/// </summary>
/// <remarks>
/// If the kernel can scope signals (Linux 6.12), the guard is confined to a Landlock domain, and the script to another
/// domain inside it. So the guard's <c>kill(-1)</c> reaches every process of the script and no other process. It misses
/// no process that forks meanwhile: the kernel signals all in one step, and <c>fork</c> fails while a signal is
/// pending. The script can't signal the guard, which is outside its domain. The guard does not use a cgroup, which
/// would have to be delegated to the runner's user; the package's unit and most containers don't do that. On older
/// kernels, the guard only kills the process group that the driver leads and the script starts in, and the driver does
/// the rest while it is alive.
/// </remarks>
internal sealed class ScriptGuard : IDisposable
{
    private const string IgnoreSignals = "trap '' TERM INT QUIT HUP; ";

    // kill -1 without a scope would kill all processes of the user. If the guard can signal the driver, there is no
    // scope.
    private const string EndDomain = IgnoreSignals + "kill -s 0 \"$PPID\" && exit 1; read -r _; kill -s KILL -- -1";

    private const string EndGroup = IgnoreSignals + "read -r _ || kill -s KILL 0";

    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.Out, HandleInheritability.None);
    private readonly SafeFileHandle _null = File.OpenHandle(
        "/dev/null",
        access: FileAccess.Write,
        share: FileShare.ReadWrite
    );
    private readonly SafeFileHandle _reader;

    /// <param name="scope">Confines the guard; null if the kernel can't scope signals.</param>
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
            // In its own group, it survives the SIGKILL that the runner sends to the driver's group.
            NewProcessGroup = scope is not null,
            StandardInput = _reader,
            // Not the job log's pipes: the runner waits until they are closed.
            StandardOutput = _null,
            StandardError = _null,
        };
    }

    /// <summary>Describes how to start the guard. It must be started before the script, on the same thread.</summary>
    public ChildProcessStart Start { get; }

    /// <summary>
    /// Must be called after the guard has been started: then only the guard has the pipe's other end open.
    /// </summary>
    public void Started()
    {
        _pipe.DisposeLocalCopyOfClientHandle();
        _null.Dispose();
    }

    /// <summary>Makes the guard kill the script's processes, if they are in a domain, and exit.</summary>
    public void Release()
    {
        try
        {
            _pipe.Write("\n"u8);
        }
        catch (IOException)
        {
            // It has already ended.
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _null.Dispose();
        _pipe.Dispose();
    }
}
