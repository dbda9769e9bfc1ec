using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace CustomExecutor.Host.Logging;

/// <summary>Writes what is for the author to stderr, which the runner shows in the job log with timestamps of its
/// own.</summary>
internal sealed class JobLogSink : ILogEventSink
{
    /// <summary>The property that marks an event as the author's.</summary>
    public const string ForAuthor = "ForAuthor";

    public void Emit(LogEvent logEvent)
    {
        if (!logEvent.Properties.ContainsKey(ForAuthor))
            return;
        var text = logEvent.RenderMessage();
        Write(logEvent.Level >= LogEventLevel.Error ? $"ERROR: {text}" : text);
    }

    /// <summary>Writes one line in one piece, so that it does not mix with what another process writes.</summary>
    public static void Write(string line)
    {
        using var stderr = Console.OpenStandardError();
        try
        {
            stderr.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (IOException)
        {
            // The runner is gone and its pipe with it; the stage's work goes on.
        }
    }
}
