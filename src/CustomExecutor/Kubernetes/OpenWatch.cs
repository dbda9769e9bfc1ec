namespace CustomExecutor.Kubernetes;

/// <summary>One watch whose next event can be waited for without taking it.</summary>
internal sealed class OpenWatch<T>(IAsyncEnumerable<WatchEvent<T>> events, TimeProvider time, CancellationToken cancel)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    private IAsyncEnumerator<WatchEvent<T>>? _events;
    private Task<bool>? _next;

    /// <summary>Whether nothing comes within a time; null waits for as long as it takes.</summary>
    public async Task<bool> IsSilent(TimeSpan? bound)
    {
        Task next = Pending();
        if (bound is not { } within)
            return false;
        await next.WaitAsync(within, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        return !next.IsCompleted;
    }

    /// <summary>What comes next; null at the watch's end.</summary>
    public async Task<WatchEvent<T>?> Next()
    {
        var more = await Pending();
        _next = null;
        return more ? _events!.Current : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_next is not null)
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_events is not null)
            await _events.DisposeAsync();
        _end.Dispose();
    }

    private Task<bool> Pending()
    {
        _events ??= events.GetAsyncEnumerator(_end.Token);
        return _next ??= _events.MoveNextAsync().AsTask();
    }
}
