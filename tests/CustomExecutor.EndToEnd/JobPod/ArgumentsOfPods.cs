using System.Collections.Concurrent;
using System.Text;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Looks again and again at the arguments of all processes in pods: the test node's processes are this
/// machine's.</summary>
internal sealed class ArgumentsOfPods : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<string, bool> _seen = new();
    private readonly Task _looking;

    private ArgumentsOfPods(string[] uids) => _looking = Task.Run(() => Look(uids));

    /// <param name="uids">The pods'.</param>
    public static ArgumentsOfPods Watch(IEnumerable<string> uids) => new([.. uids]);

    /// <summary>Looks no more.</summary>
    /// <returns>What it saw, arguments separated by blanks.</returns>
    public async Task<IReadOnlyCollection<string>> Stop()
    {
        await _over.CancelAsync();
        await _looking;
        return [.. _seen.Keys];
    }

    public void Dispose()
    {
        _over.Cancel();
        _looking.Wait();
        _over.Dispose();
    }

    private async Task Look(string[] uids)
    {
        while (!_over.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsDigit(p[6])))
            {
                var groups = Read($"{process}/cgroup");
                if (uids.Any(uid => groups.Contains(uid, StringComparison.Ordinal)))
                    _seen[Read($"{process}/cmdline").Replace('\0', ' ')] = true;
            }

            await Task.Delay(20).ConfigureAwait(false);
        }
    }

    private static string Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended.
        }
    }
}
