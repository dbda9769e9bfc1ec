using System.Globalization;

namespace CustomExecutor.EngineApi.Http;

/// <summary>
/// Says which process serves the socket: its id, and when it started as <c>/proc/PID/stat</c> counts it. Ids are used
/// again, but no other process of a boot has both.
/// </summary>
/// <param name="path">The file's path.</param>
internal sealed class PidFile(string path)
{
    /// <summary>The fields after the program's name, which may have any character: the state (3) and the start (22),
    /// proc_pid_stat(5).</summary>
    private const int State = 0,
        Start = 19;

    /// <summary>Whole or not at all: who waits for it reads it at once.</summary>
    public void Write()
    {
        var own = StatOf(Environment.ProcessId) ?? throw new IOException("/proc can't be read.");
        File.WriteAllText(
            $"{path}.new",
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {own[Start]}\n")
        );
        File.Move($"{path}.new", path, overwrite: true);
    }

    public void Remove() => File.Delete(path);

    /// <summary>Whether the process that wrote it lives.</summary>
    public bool IsTrue()
    {
        try
        {
            var words = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return words is [var id, var start]
                && int.TryParse(id, CultureInfo.InvariantCulture, out var process)
                && StatOf(process) is { } stat
                && stat[State] is not ("Z" or "X")
                && stat[Start] == start;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string[]? StatOf(int process)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
