using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Host.Processes;
using Microsoft.Win32.SafeHandles;
using static CustomExecutor.Host.Native.ChildProcessNative;

namespace CustomExecutor.Scripts;

/// <summary>
/// Ends the processes that a script leaves behind: background processes, processes in their own session (setsid),
/// double-forked ones. Otherwise they would keep the job log's pipe open, and the runner would wait for them without
/// limit; and they could read the next job's files on this host.
/// </summary>
/// <remarks>
/// <c>/proc</c> lists the processes to signal, but <c>waitid</c> decides whether there are any: the kernel gives a
/// process's children to their new parent, this process, in the same step in which the process becomes a zombie
/// (<c>exit_notify</c>). So while a descendant exists, this process has a child, however fast the descendants fork and
/// exit, and even if reading <c>/proc</c> fails.
/// </remarks>
internal sealed class Descendants : IDisposable
{
    private const int SetChildSubreaper = 36;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan KillInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// A process that does not end within this time after SIGKILL hangs in the kernel or belongs to another user.
    /// </summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The list of adopted processes, which are children of the main thread. It is kept open, because an unconfined
    /// script can lower this process's limit for open files.
    /// </summary>
    private readonly SafeFileHandle _adopted = File.OpenHandle(
        $"/proc/self/task/{Environment.ProcessId}/children",
        share: FileShare.ReadWrite
    );

    private readonly TimeProvider _time;
    private readonly SortedSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>
    /// Makes this process adopt descendants whose parent ends, in any session or group. It needs no privileges
    /// (<c>PR_SET_CHILD_SUBREAPER</c>, Linux 3.4), so it works in containers too.
    /// </summary>
    public Descendants(TimeProvider time)
    {
        _time = time;
        _ = ProcessControl(SetChildSubreaper, 1, 0, 0, 0);
    }

    /// <summary>The names of the processes that had to be killed; usually empty.</summary>
    public IReadOnlyCollection<string> Ended => _ended;

    /// <summary>Signals all descendants.</summary>
    public void Signal(int signal)
    {
        var found = new Queue<int>(Children());
        while (found.TryDequeue(out var id))
        {
            foreach (var child in ChildrenOf(id))
                found.Enqueue(child);
            _ = Kill(id, signal);
        }
    }

    /// <summary>
    /// Sends SIGTERM to all children, including adopted ones, until none is left or the time is over.
    /// </summary>
    /// <param name="grace">How long to wait.</param>
    /// <param name="awaited">A child that other code waits for.</param>
    /// <param name="guard">A child that must not be signalled.</param>
    public async Task AskToEnd(TimeSpan grace, ChildProcess awaited, ChildProcess? guard)
    {
        var asked = new HashSet<int>();
        var start = _time.GetTimestamp();
        while (Living(awaited).Where(id => id != guard?.Id).ToList() is { Count: > 0 } living)
        {
            _ended.UnionWith(living.Select(NameOf));
            if (_time.GetElapsedTime(start) >= grace)
                return;
            foreach (var id in living.Where(asked.Add))
                _ = Kill(id, ChildProcessSignal.Terminate);
            await Task.Delay(PollInterval, _time);
        }
    }

    /// <summary>
    /// Kills all children until none is left. No other part of this process may be waiting for a child.
    /// </summary>
    /// <exception cref="DriverException">Some do not end.</exception>
    public async Task KillAll()
    {
        var start = _time.GetTimestamp();
        while (ReapAll() is { HasChildren: true, Reaped: var reaped })
        {
            Signal(ChildProcessSignal.Kill);
            if (_time.GetElapsedTime(start) > KillTimeout)
                throw StillRunning();
            // Only constant checking finds a process that keeps forking and exiting.
            if (reaped == 0)
                await Task.Delay(KillInterval, _time);
        }
    }

    public void Dispose() => _adopted.Dispose();

    private DriverException StillRunning()
    {
        var names = string.Join(
            ", ",
            Children().Select(NameOf).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)
        );
        return new DriverException(
            "The driver could not end all processes of the script: "
                + $"{(names.Length > 0 ? DisplayText.Of(names) : "a process")} did not end within "
                + $"{KillTimeout.TotalSeconds} s of SIGKILL. Look for the processes of the runner's user on "
                + "this host."
        );
    }

    private List<int> Living(ChildProcess awaited) =>
        [.. Children().Where(id => id == awaited.Id ? !awaited.Exit.IsCompleted : !IsReaped(id))];

    /// <summary>Whether a child has ended. If so, reaps it.</summary>
    private static unsafe bool IsReaped(int id)
    {
        int status;
        return Reap(id, &status, WaitNoHang) != 0;
    }

    /// <summary>Reaps all children that have ended, and records those that SIGKILL ended.</summary>
    private unsafe (bool HasChildren, int Reaped) ReapAll()
    {
        var info = stackalloc int[OpaqueSize / sizeof(int)];
        for (var reaped = 0; ; reaped++)
        {
            info[InfoPidIndex] = 0;
            // Checked before it is reaped, because it still has a name then.
            while (Wait(WaitForAny, 0, info, WaitExited | WaitNoHang | WaitLeaveZombie | WaitEveryKind) != 0)
            {
                if (Marshal.GetLastPInvokeError() == NoChild)
                    return (false, reaped);
            }

            if (info[InfoPidIndex] is not (> 0 and var id))
                return (true, reaped);
            if (info[InfoCodeIndex] != ExitedByItself && info[InfoStatusIndex] == ChildProcessSignal.Kill)
                _ended.Add(NameOf(id));
            IsReaped(id);
        }
    }

    /// <summary>This process's children: those that it adopted, and those that its threads started.</summary>
    private IEnumerable<int> Children() => Parse(ReadAdopted()).Union(ChildrenOf(Environment.ProcessId));

    private static IEnumerable<int> ChildrenOf(int process) =>
        TasksOf(process).SelectMany(task => Parse(ReadOrNothing(Path.Join(task, "children"))));

    private static IEnumerable<int> Parse(string children) =>
        children
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private string ReadAdopted()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = RandomAccess.Read(_adopted, buffer, text.Length)) > 0; )
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Other sources still list processes, and KillAll relies on waitid.
        }

        return text.ToString();
    }

    private static string[] TasksOf(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // It has just ended, or can't be read. KillAll relies on waitid.
        }
    }

    private static string NameOf(int id) => ReadOrNothing($"/proc/{id}/comm").TrimEnd('\n');

    private static string ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // The thread or process has just ended, or can't be read.
        }
    }
}
