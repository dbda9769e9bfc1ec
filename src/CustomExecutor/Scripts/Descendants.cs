using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Host.Processes;
using Microsoft.Win32.SafeHandles;
using static CustomExecutor.Host.Native.ChildProcessNative;

namespace CustomExecutor.Scripts;

/// <summary>
/// The processes that a script leaves behind when it ends: in the background, in a session of their own (setsid),
/// doubly forked. Left alone they would hold the job log's pipe, for whose end the runner waits without limit, and read
/// what the next job puts on this host.
/// </summary>
/// <remarks>
/// <c>/proc</c> shows which processes to signal. Whether there are any is asked of the kernel by <c>waitid</c>: the
/// kernel hands a process's children over to their new parent, which is this process, in the same step in which it
/// makes the process a zombie (<c>exit_notify</c>). So as long as one descendant exists, this process has a child,
/// however fast they fork and exit, and whatever error reading <c>/proc</c> gives.
/// </remarks>
internal sealed class Descendants : IDisposable
{
    private const int SetChildSubreaper = 36;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan BetweenKills = TimeSpan.FromMilliseconds(1);

    /// <summary>A process that SIGKILL does not end within this time hangs in the kernel, or belongs to another
    /// user.</summary>
    private static readonly TimeSpan PatienceAfterKill = TimeSpan.FromSeconds(5);

    /// <summary>The adopted ones are the main thread's children. It is kept open: a script that is not confined can
    /// take this process's right to open files.</summary>
    private readonly SafeFileHandle _adopted = File.OpenHandle(
        $"/proc/self/task/{Environment.ProcessId}/children",
        share: FileShare.ReadWrite
    );

    private readonly TimeProvider _time;
    private readonly SortedSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>
    /// From now on a descendant whose parent ends becomes this process's child, whatever session or group it is in. It
    /// needs no privilege (<c>PR_SET_CHILD_SUBREAPER</c>, Linux 3.4), so it works in a container too.
    /// </summary>
    public Descendants(TimeProvider time)
    {
        _time = time;
        _ = ProcessControl(SetChildSubreaper, 1, 0, 0, 0);
    }

    /// <summary>The names of those that had to be ended; none in most cases.</summary>
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

    /// <summary>Sends SIGTERM to all children, and to theirs as they are adopted, until none is left or the time is
    /// over.</summary>
    /// <param name="grace">The time.</param>
    /// <param name="awaited">Children that others wait for.</param>
    /// <param name="guard">A child to leave alone.</param>
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
            await Task.Delay(BetweenLooks, _time);
        }
    }

    /// <summary>Kills until no child is left. Only for when no other part of this process waits for a child.</summary>
    /// <exception cref="DriverException">Some do not end.</exception>
    public async Task KillAll()
    {
        var start = _time.GetTimestamp();
        while (ReapAll() is { HasChildren: true, Reaped: var reaped })
        {
            Signal(ChildProcessSignal.Kill);
            if (_time.GetElapsedTime(start) > PatienceAfterKill)
                throw StillRunning();
            // Who forks and exits all the time is only caught by looking all the time.
            if (reaped == 0)
                await Task.Delay(BetweenKills, _time);
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
            "The driver could not make sure that nothing of the script still runs: "
                + $"{(names.Length > 0 ? DisplayText.Of(names) : "a process")} did not end within "
                + $"{PatienceAfterKill.TotalSeconds} s of SIGKILL. Look for the processes of the runner's user on "
                + "this host."
        );
    }

    private List<int> Living(ChildProcess awaited) =>
        [.. Children().Where(id => id == awaited.Id ? !awaited.Exit.IsCompleted : !IsReaped(id))];

    /// <summary>Whether it has ended; if so, it is reaped.</summary>
    private static unsafe bool IsReaped(int id)
    {
        int status;
        return Reap(id, &status, WaitNoHang) != 0;
    }

    /// <summary>Reaps all children that have ended, and notes those that SIGKILL has ended.</summary>
    private unsafe (bool HasChildren, int Reaped) ReapAll()
    {
        var info = stackalloc int[OpaqueSize / sizeof(int)];
        for (var reaped = 0; ; reaped++)
        {
            info[InfoPidIndex] = 0;
            // Looked at before it is reaped: only then it still has a name.
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

    /// <summary>This process's children: those that it has adopted, and those that a thread of it has
    /// started.</summary>
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
            // Others are still seen, and KillAll goes by what waitid says.
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
            return []; // It has just ended, or can't be looked at; KillAll goes by what waitid says.
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
            return ""; // A thread or a process that has just ended, or can't be looked at.
        }
    }
}
