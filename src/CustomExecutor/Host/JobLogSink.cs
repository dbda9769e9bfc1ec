using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace CustomExecutor.Host;

/// <summary>Writes what is for the author to stderr, which the runner shows in the job log with timestamps of its own.</summary>
internal sealed class JobLogSink : ILogEventSink
{
    /// <summary>The property that marks an event as the author's.</summary>
    public const string ForAuthor = "ForAuthor";

    public void Emit(LogEvent logEvent)
    {
        if (!logEvent.Properties.ContainsKey(ForAuthor)) return;
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

/// <summary>Writes the admin's events to stderr as JSON lines.</summary>
internal sealed class JsonLinesSink : ILogEventSink
{
    private static readonly RenderedCompactJsonFormatter Formatter = new();

    public void Emit(LogEvent logEvent)
    {
        using var line = new StringWriter();
        Formatter.Format(logEvent, line);
        JobLogSink.Write(line.ToString().TrimEnd());
    }
}
