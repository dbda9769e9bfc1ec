using System.Security.Cryptography;
using CustomExecutor.Core;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Logging;
using CustomExecutor.Host.Native;

namespace CustomExecutor;

/// <summary>
/// Turns an unexpected exception into one sentence. The job log gets a reference and no text of the exception, which
/// may quote a secret; the admin log gets the whole exception under the same reference.
/// </summary>
internal static class InternalError
{
    /// <summary>No vowels, so that no word appears by chance.</summary>
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private static volatile StageLog? _log;

    /// <summary>Writes full records to the admin log of this process's command from now on.</summary>
    /// <param name="log">The open log.</param>
    /// <param name="settings">The log's settings. "stderr" is the job log, which gets no exception text.</param>
    public static void RecordIn(StageLog log, LogSettings settings) =>
        _log = settings.Path is null or "stderr" ? null : log;

    /// <summary>Stops recording, before the log is closed.</summary>
    public static void StopRecording() => _log = null;

    /// <summary>
    /// The exception itself if its message is for people; otherwise records it and returns the sentence for an internal
    /// error.
    /// </summary>
    public static DriverException Expected(Exception e) =>
        e as DriverException ?? new DriverException(Sentence(Record(e)));

    /// <summary>Writes the full record to the admin log.</summary>
    /// <returns>The record's reference.</returns>
    public static string Record(Exception e)
    {
        var reference = RandomNumberGenerator.GetString(Letters, 8);
        _log?.Admin.ForContext("Reference", reference).Error(e, "Internal error {Reference:l}", reference);
        return reference;
    }

    /// <summary>Reports exceptions outside commands: of threads, timers and tasks that are not awaited.</summary>
    /// <param name="exitCode">The process's exit code. Without this, the runtime prints a stack trace and aborts
    /// (134).</param>
    public static void EndProcessWith(int exitCode)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, raised) =>
        {
            JobLogSink.Write($"ERROR: {Expected((Exception)raised.ExceptionObject).Message}");
            // Not Environment.Exit: it runs more code first, while the other threads go on.
            ChildProcessNative.ExitNow(exitCode);
        };
        TaskScheduler.UnobservedTaskException += (_, raised) => Record(raised.Exception);
    }

    private static string Sentence(string reference) =>
        $"Internal error (reference {reference}): the driver failed, not the job. Please report it with this "
        + "reference. "
        + (
            _log is not null
                ? "The admin log has the full record."
                : "No full record was kept: set log.path in the settings to a file and repeat the command to get one."
        );
}
