using System.Diagnostics;
using System.Globalization;

namespace CustomExecutor.Host;

/// <summary>
/// The processes that a script leaves behind when it ends: in the background, in a session of their own (setsid), doubly forked. Left alone they would hold the
/// job log's pipe, for whose end the runner waits without limit, and read what the next job puts on this host.
/// </summary>
internal static class Descendants
{
    private const int SetChildSubreaper = 36;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    /// <summary>What a SIGKILL can't end within this time hangs in the kernel.</summary>
    private static readonly TimeSpan PatienceAfterKill = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From now on a descendant whose parent ends becomes this process's child, whatever session or group it is in. It takes no privilege
    /// (<c>PR_SET_CHILD_SUBREAPER</c>, Linux 3.4), so it works in a container too.
    /// </summary>
    public static void Adopt() => _ = ChildProcessNative.ProcessControl(SetChildSubreaper, 1, 0, 0, 0);

    /// <summary>Signals all descendants.</summary>
    public static void Signal(int signal)
    {
        var found = new Queue<int>(ChildrenOf(Environment.ProcessId));
        while (found.TryDequeue(out var id))
        {
            foreach (var child in ChildrenOf(id)) found.Enqueue(child);
            _ = ChildProcessNative.Kill(id, signal);
        }
    }

    /// <summary>Ends all children, and theirs as they are adopted: SIGTERM, after the grace SIGKILL.</summary>
    /// <param name="grace">From SIGTERM to SIGKILL.</param>
    /// <returns>The names of those that had to be ended; none in most cases.</returns>
    public static async Task<IReadOnlyCollection<string>> End(TimeSpan grace)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var asked = new HashSet<int>();
        var start = Stopwatch.GetTimestamp();
        while (Living() is { Count: > 0 } living)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed > grace + PatienceAfterKill) break;
            foreach (var (id, name) in living)
            {
                names.Add(name);
                if (elapsed >= grace) _ = ChildProcessNative.Kill(id, ChildProcessSignal.Kill);
                else if (asked.Add(id)) _ = ChildProcessNative.Kill(id, ChildProcessSignal.Terminate);
            }

            await Task.Delay(BetweenLooks);
        }

        return names;
    }

    /// <summary>This process's children that still run; those that have ended are reaped. Only for when no child of our own is waited for.</summary>
    private static unsafe List<(int Id, string Name)> Living()
    {
        var living = new List<(int, string)>();
        foreach (var id in ChildrenOf(Environment.ProcessId))
        {
            int status;
            if (ChildProcessNative.Reap(id, &status, ChildProcessNative.WaitNoHang) == 0) living.Add((id, NameOf(id)));
        }

        return living;
    }

    private static IEnumerable<int> ChildrenOf(int process) => TasksOf(process)
        .SelectMany(task => ReadOrNothing(Path.Join(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private static string[] TasksOf(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            return []; // It has just ended.
        }
    }

    private static string NameOf(int id) => ReadOrNothing($"/proc/{id}/comm").TrimEnd('\n');

    private static string ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // A thread or a process that has just ended.
        }
    }
}
