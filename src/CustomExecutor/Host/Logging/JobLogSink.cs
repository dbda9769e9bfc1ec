using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace CustomExecutor.Host.Logging;

/// <summary>
/// Writes the author's lines to stderr, which the runner shows in the job log with its own timestamps.
/// </summary>
internal sealed class JobLogSink : ILogEventSink
{
    /// <summary>The property that marks an event for the author.</summary>
    public const string ForAuthor = "ForAuthor";

    public void Emit(LogEvent logEvent)
    {
        if (!logEvent.Properties.ContainsKey(ForAuthor))
            return;
        var text = logEvent.RenderMessage();
        Write(logEvent.Level >= LogEventLevel.Error ? $"ERROR: {text}" : text);
    }

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
