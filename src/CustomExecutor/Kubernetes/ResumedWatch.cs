using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Kubernetes;

/// <summary>
/// A watch without an end: it goes on from the last version seen when the server ends it or the connection breaks, and
/// begins anew if the server no longer knows that version. What was deleted in between is not told then: who must know
/// reads the object.
/// </summary>
internal sealed class ResumedWatch<T>(k8s.Kubernetes client, string path, string fieldSelector, ApiOutage outage)
{
    /// <summary>The type of an event that says that nothing came for a while; whether nothing happened is to be found
    /// out.</summary>
    public const string Silence = "SILENCE";

    /// <summary>The changes. It ends by an exception alone: cancelled, or refused for good.</summary>
    /// <param name="version">Where to go on from; null to begin with what there is.</param>
    /// <param name="silence">After how long without a change one is told of; null for never.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<WatchEvent<T>> Read(
        string? version,
        TimeSpan? silence,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        for (var failures = 0; ; )
        {
            ApiFault? fault = null;
            await using (
                var watch = new OpenWatch<T>(
                    ResourceWatch.Read<T>(client, path, fieldSelector, version, cancel),
                    cancel
                )
            )
            {
                while (true)
                {
                    WatchEvent<T>? change;
                    try
                    {
                        if (!await watch.Waits(silence))
                            change = new WatchEvent<T>(Silence, default!);
                        else
                            change = await watch.Next();
                    }
                    catch (Exception e)
                        when (ApiFaultReader.Of(e) is { } met && (!met.IsPermanent || met.IsExpiredVersion))
                    {
                        fault = met;
                        break;
                    }

                    if (change is not { } seen)
                        break;
                    if (seen.Type != Silence)
                    {
                        if (failures > 0)
                            outage.Over();
                        (version, failures) = (seen.ResourceVersion ?? version, 0);
                    }

                    if (seen.Type != ResourceWatch.Bookmark)
                        yield return seen;
                }
            }

            // No busy loop, whatever ends the watch.
            failures++;
            if (fault is { IsExpiredVersion: true })
                version = null;
            var chance = RandomNumberGenerator.GetInt32(1001) / 1000.0;
            var delay =
                (
                    fault is null || fault.IsExpiredVersion
                        ? null
                        : RetryPlan.Delay(fault, failures, TimeSpan.MaxValue, chance)
                ) ?? RetryPlan.Backoff(failures, chance);
            if (fault is not null)
                outage.Failed(fault, $"watch {path}", failures, delay);
            await Task.Delay(delay, cancel);
        }
    }
}

/// <summary>One watch whose next event can be waited for without taking it.</summary>
internal sealed class OpenWatch<T>(IAsyncEnumerable<WatchEvent<T>> events, CancellationToken cancel) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    private IAsyncEnumerator<WatchEvent<T>>? _events;
    private Task<bool>? _next;

    /// <summary>Whether something comes within a time; null waits for it.</summary>
    public async Task<bool> Waits(TimeSpan? time)
    {
        _events ??= events.GetAsyncEnumerator(_end.Token);
        _next ??= _events.MoveNextAsync().AsTask();
        if (time is not { } bound || _next.IsCompleted)
            return true;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var first = await Task.WhenAny(_next, Task.Delay(bound, timer.Token));
        await timer.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return first == _next;
    }

    /// <summary>What has come; null at the watch's end.</summary>
    public async Task<WatchEvent<T>?> Next()
    {
        var more = await _next!;
        _next = null;
        return more ? _events!.Current : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_next is not null)
        {
            await _next.ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        }

        if (_events is not null)
            await _events.DisposeAsync();
        _end.Dispose();
    }
}
