using System.Diagnostics;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>A program that serves until the test is over.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _lines = new();
    private readonly List<string> _log = [];

    public ServedProcess(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it has written so far.</summary>
    public string Log
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _log);
        }
    }

    /// <summary>Whether it has ended; <see cref="Log"/> is then whole.</summary>
    public bool HasExited
    {
        get
        {
            if (!_process.HasExited)
                return false;
            // Without a bound it also waits for the rest of the output.
            _process.WaitForExit();
            return true;
        }
    }

    /// <summary>The most memory it has had so far, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], null) * 1024;
        }
    }

    /// <summary>Sends SIGTERM; the exit code.</summary>
    public async Task<int> Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _log.Add(line);
    }
}
