using System.Runtime.InteropServices;
using System.Text;
using CustomExecutor.Host.Native;
using Microsoft.Win32.SafeHandles;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace CustomExecutor.Host.Logging;

/// <summary>Writes events to the admin's log file, one JSON line each. Many drivers share the file.</summary>
/// <remarks>
/// Serilog's file sink does not work here: its shared mode needs a named mutex, which NativeAOT does not support across
/// processes, so lines were lost. It also stops at 1 GiB. The kernel appends each write as a whole (<c>O_APPEND</c>,
/// Linux's inode lock). The file may be renamed or truncated at any time, because each stage opens it again.
/// </remarks>
internal sealed class AdminLogFile : ILogEventSink, IDisposable
{
    private const int WriteOnly = 1,
        Create = 0x40,
        Append = 0x400;

    private readonly Lock _lock = new();
    private readonly string _path;
    private SafeFileHandle? _file;

    /// <summary>
    /// Opens the file. If it is missing, creates it and its parent directories, with mode 0640 for a group that reads
    /// logs.
    /// </summary>
    public AdminLogFile(string path)
    {
        _path = path;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
                Directory.CreateDirectory(directory);
            var descriptor = FileCalls.Open(
                path,
                WriteOnly | Create | Append | FileCalls.CloseOnExec,
                Convert.ToInt32("640", 8)
            );
            if (descriptor < 0)
                throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
            _file = new SafeFileHandle(descriptor, ownsHandle: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            if (_file is null)
                return;
            try
            {
                // The offset does not matter: the kernel appends.
                RandomAccess.Write(_file, Encoding.UTF8.GetBytes(JsonLine.Of(logEvent) + "\n"), 0);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Fail(e);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _file?.Dispose();
    }

    /// <summary>Reports the first failure. The job continues without the admin's log.</summary>
    private void Fail(Exception e)
    {
        SelfLog.WriteLine("{0}: {1}", _path, e.Message);
        _file?.Dispose();
        _file = null;
    }
}

/// <summary>Writes the admin's events to stderr.</summary>
internal sealed class AdminLogOnStderr : ILogEventSink
{
    public void Emit(LogEvent logEvent) => JobLogSink.Write(JsonLine.Of(logEvent));
}

/// <summary>An event as one line of JSON.</summary>
internal static class JsonLine
{
    private static readonly RenderedCompactJsonFormatter Formatter = new();

    public static string Of(LogEvent logEvent)
    {
        using var line = new StringWriter();
        Formatter.Format(logEvent, line);
        return line.ToString().TrimEnd();
    }
}
