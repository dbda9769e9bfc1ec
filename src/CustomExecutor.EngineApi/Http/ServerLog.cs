using System.Globalization;

namespace CustomExecutor.EngineApi.Http;

/// <summary>
/// The program's log: lines on the standard error, without secrets and without control characters of others.
/// </summary>
internal sealed class ServerLog(TextWriter output, TimeProvider time)
{
    private readonly Lock _one = new();

    public void Write(string line)
    {
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        lock (_one)
            output.WriteLine($"{now} {line}");
    }
}
