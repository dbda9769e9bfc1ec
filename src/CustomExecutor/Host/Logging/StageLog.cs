using CustomExecutor.Core.Settings;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace CustomExecutor.Host.Logging;

/// <summary>
/// One stage's log, for two readers: the author sees plain lines in the job log, the admin gets every event as a JSON
/// line. Neither contains secrets.
/// </summary>
internal sealed class StageLog : IDisposable
{
    private readonly Logger? _root;

    private StageLog(Logger? root) => (_root, Admin) = (root, root ?? Logger.None);

    /// <summary>The admin's log, with the job's properties added so far.</summary>
    public ILogger Admin { get; private set; }

    /// <summary>Opens the log of one stage.</summary>
    /// <param name="settings">The settings of the admin's log.</param>
    /// <param name="stage">The stage's name.</param>
    public static StageLog Open(LogSettings settings, string stage)
    {
        if (settings.Path is not { } path)
            return new StageLog(null);
        // If the log can't be written, the job log reports it, and the job does not fail.
        SelfLog.Enable(message => JobLogSink.Write($"Warning: the admin's log can't be written: {message}"));
        var level = Enum.Parse<LogEventLevel>(settings.Level.ToString());
        return new StageLog(
            new LoggerConfiguration()
                .MinimumLevel.Is(level)
                .Enrich.WithProperty("Stage", stage)
                .WriteTo.Sink(path == "stderr" ? new AdminLogOnStderr() : new AdminLogFile(path))
                .CreateLogger()
        );
    }

    /// <summary>Adds a property to all later events of the admin's log.</summary>
    public void With(string property, object value) => Admin = Admin.ForContext(property, value);

    /// <summary>Writes a short line for the author. Foreign text must be escaped with <c>DisplayText</c>.</summary>
    public void WriteToJobLog(string line)
    {
        JobLogSink.Write(line);
        Log(LogEventLevel.Information, line, null);
    }

    /// <summary>Writes why the stage failed, for the author. The admin's log also gets the cause.</summary>
    public void WriteFailure(string message, Exception? cause)
    {
        JobLogSink.Write($"ERROR: {message}");
        Log(LogEventLevel.Error, message, cause);
    }

    public void Dispose() => _root?.Dispose();

    private void Log(LogEventLevel level, string message, Exception? cause) =>
        Admin.ForContext("ForAuthor", true).Write(level, cause, "{Message:l}", message);
}
