using CustomExecutor.EngineApi.Json;

namespace CustomExecutor.EngineApi.Progress;

/// <summary>Writes lines of progress to a client. Several layers may report at once.</summary>
/// <param name="output">The answer's body.</param>
internal sealed class ProgressLog(Stream output) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly SemaphoreSlim _one = new(1);

    public async Task Write(ProgressLine line, CancellationToken cancellation)
    {
        byte[] text = [.. JsonBytes.Of(line, ProgressJson.Default.ProgressLine), (byte)'\r', (byte)'\n'];
        await _one.WaitAsync(cancellation);
        try
        {
            await output.WriteAsync(text, cancellation);
            await output.FlushAsync(cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public Task Say(string status, CancellationToken cancellation) =>
        Write(new ProgressLine { Status = status }, cancellation);

    /// <summary>Reports a number that grows until the work is done: some times a second, whatever the pieces.</summary>
    /// <param name="work">Given what to call with the bytes of each piece.</param>
    /// <param name="line">Makes the line for so many bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<T> Follow<T>(
        Func<Action<int>, Task<T>> work,
        Func<long, ProgressLine> line,
        CancellationToken cancellation
    )
    {
        var done = 0L;
        using var timer = new PeriodicTimer(Interval);
        var working = work(bytes => Interlocked.Add(ref done, bytes));
        var shown = 0L;
        var tick = timer.WaitForNextTickAsync(cancellation).AsTask();
        while (await Task.WhenAny(working, tick) != working)
        {
            await tick;
            if (Interlocked.Read(ref done) is var now && now != shown)
                await Write(line(shown = now), cancellation);
            tick = timer.WaitForNextTickAsync(cancellation).AsTask();
        }

        return await working;
    }

    public void Dispose() => _one.Dispose();
}
