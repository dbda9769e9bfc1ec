using System.Text;

namespace CustomExecutor.Host.Logging;

/// <summary>
/// Writes the author's lines to stderr, which the runner shows in the job log with its own timestamps.
/// </summary>
internal static class JobLogSink
{
    /// <summary>Writes one line at once, so that it does not mix with another process's output.</summary>
    public static void Write(string line)
    {
        using var stderr = Console.OpenStandardError();
        try
        {
            stderr.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (IOException)
        {
            // The runner has exited and closed its pipe. The stage continues.
        }
    }
}
