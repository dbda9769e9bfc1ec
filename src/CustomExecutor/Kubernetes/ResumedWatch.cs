using System.Runtime.CompilerServices;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Kubernetes;

/// <summary>
/// A watch without an end: it goes on from the last version seen when the server ends it or the connection breaks, and
/// begins anew if the server no longer knows that version. What was deleted in between is not told then: who must know
/// reads the object.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="path">The collection's path.</param>
/// <param name="fieldSelector">Which objects.</param>
/// <param name="doing">What it does, for messages.</param>
/// <param name="retries">When it is opened again.</param>
internal sealed class ResumedWatch<T>(
    k8s.Kubernetes client,
    string path,
    string fieldSelector,
    string doing,
    ApiRetries retries
)
{
    /// <summary>The type of an event that says that nothing came for a while; whether nothing happened is to be found
    /// out.</summary>
    public const string Silence = "SILENCE";

    /// <summary>The changes. It ends by an exception alone: cancelled, or refused for good.</summary>
    /// <param name="version">Where to go on from; null to begin with what there is.</param>
    /// <param name="silence">After how long without a change one is told of; null for never.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="DriverException">It is refused for good.</exception>
    public async IAsyncEnumerable<WatchEvent<T>> Read(
        string? version,
        TimeSpan? silence,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        for (var failures = 0; ; )
        {
            ApiFault? fault;
            var changes = ResourceWatch.Read<T>(client, path, fieldSelector, version, retries.Time, cancel);
            await using (var watch = new OpenWatch<T>(changes, retries.Time, cancel))
            {
                while (true)
                {
                    (var change, fault) = await Next(watch, silence);
                    if (change is not { } seen)
                        break;
                    if (seen.Type != Silence)
                    {
                        if (failures > 0)
                            retries.Outage.Over();
                        (version, failures) = (seen.ResourceVersion ?? version, 0);
                    }

                    if (seen.Type != ResourceWatch.Bookmark)
                        yield return seen;
                }
            }

            if (fault is { IsExpiredVersion: true })
                version = null;
            // No busy loop, whatever ends the watch.
            await retries.Pause(fault, doing, ++failures, cancel);
        }
    }

    /// <summary>The next change, or why there is none: a fault, or nothing at the watch's own end.</summary>
    private async Task<(WatchEvent<T>? Change, ApiFault? Fault)> Next(OpenWatch<T> watch, TimeSpan? silence)
    {
        try
        {
            return (await watch.IsSilent(silence) ? new WatchEvent<T>(Silence, default!) : await watch.Next(), null);
        }
        catch (Exception e) when (ApiFaultReader.Of(e) is { } fault)
        {
            return fault is { IsPermanent: true, IsExpiredVersion: false }
                ? throw ApiExceptions.Of(e, doing)
                : (null, fault);
        }
    }
}
