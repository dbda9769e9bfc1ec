using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>
/// Follows one builder, before it serves its job or under its script: the pod watch, the event watch, a timer and the
/// tries to connect write what changes, and one loop reads it and diagnoses the builder after each change.
/// </summary>
/// <param name="pods">The cluster.</param>
/// <param name="log">Where the author is told of a start.</param>
/// <param name="time">The clock.</param>
internal sealed class BuilderFollower(BuilderPods pods, StageLog log, TimeProvider time)
{
    /// <summary>Grace periods end without anything that happens.</summary>
    private static readonly TimeSpan BetweenDiagnoses = TimeSpan.FromSeconds(1);

    /// <summary>An event that names the cause may come just behind the end that it caused.</summary>
    private static readonly TimeSpan ForLateEvents = TimeSpan.FromMilliseconds(300);

    /// <summary>A node that is lost gives no log.</summary>
    private static readonly TimeSpan ForTheLog = TimeSpan.FromSeconds(5);

    /// <summary>The diagnoses, up to the first failure; that one has the end of the container's log where it
    /// helps.</summary>
    /// <param name="pod">The pod, as it was created or last read.</param>
    /// <param name="phase">What the job is to the builder.</param>
    /// <param name="containers">What must run.</param>
    /// <param name="connect">Tries to connect to an address, after a pause if it did so before.</param>
    /// <param name="progress">What the author has been told; null under a script, where nothing is told.</param>
    /// <param name="cancel">Nobody wants to know any more.</param>
    /// <exception cref="DriverException">The pod may not be watched.</exception>
    public async IAsyncEnumerable<PodDiagnosis> Follow(
        V1Pod pod,
        BuilderPhase phase,
        FollowedContainers containers,
        Func<string, CancellationToken, Task<ConnectionTry>> connect,
        BuilderProgress? progress,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var (history, began) = (new BuilderHistory(pod, phase, containers), time.GetTimestamp());
        var (isTrying, isEnding) = (false, false);
        await using var changes = new BuilderChanges();
        changes.WriteBy((to, end) => new PodFollower(pods, log, time).Follow(pod, to, end));
        changes.WriteBy((to, end) => FollowEvents(pod, to, end));
        changes.WriteBy(LetTimePass);
        await foreach (var change in changes.Read(cancel))
        {
            var age = time.GetElapsedTime(began);
            var diagnosis = history.After(change, age);
            var isTold = change is not BuilderChange.EventSeen seen || containers.Concerns(seen.Event);
            foreach (var line in isTold ? progress?.After(change, diagnosis, age) ?? [] : [])
                log.WriteToJobLog(line);

            isTrying &= change is not BuilderChange.ConnectionTried;
            if (!isTrying && history.AddressToTry is { } address)
            {
                isTrying = true;
                changes.WriteBy(async end => new BuilderChange.ConnectionTried(await connect(address, end)));
            }

            if (diagnosis is PodDiagnosis.Failed && change is not BuilderChange.LogRead)
            {
                if (!isEnding)
                    changes.WriteBy(end => LastWords(pod.Metadata.Name, history.HasLog, end));
                isEnding = true;
                continue;
            }

            isEnding &= change is not BuilderChange.LogRead;
            yield return diagnosis;
            if (diagnosis is PodDiagnosis.Failed)
                yield break;
        }
    }

    /// <summary>Events only explain what the pod's own state decides, so nothing fails without the right to read
    /// them.</summary>
    private async Task FollowEvents(V1Pod pod, ChannelWriter<BuilderChange> changes, CancellationToken end)
    {
        try
        {
            await foreach (var change in pods.WatchEvents(pod, end))
            {
                if (change.Type is "ADDED" or "MODIFIED")
                    changes.TryWrite(new BuilderChange.EventSeen(change.Object));
            }
        }
        catch (DriverException e)
        {
            log.Admin.Warning(e, "The driver is not allowed to read the builder's events");
        }
    }

    private async Task LetTimePass(ChannelWriter<BuilderChange> changes, CancellationToken end)
    {
        using var timer = new PeriodicTimer(BetweenDiagnoses, time);
        while (await timer.WaitForNextTickAsync(end))
            changes.TryWrite(new BuilderChange.TimePassed());
    }

    private async Task<BuilderChange> LastWords(string name, string? container, CancellationToken end)
    {
        var late = Task.Delay(ForLateEvents, time, end);
        var words = container is null ? null : await ReadLog(name, container, end);
        await late;
        return new BuilderChange.LogRead(words);
    }

    private async Task<string?> ReadLog(string name, string container, CancellationToken end)
    {
        using var bound = new CancellationTokenSource(ForTheLog, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, bound.Token);
        try
        {
            return await pods.LogTail(name, container, age: null, either.Token);
        }
        catch (Exception e)
            when (e is DriverException || (e is OperationCanceledException && !end.IsCancellationRequested))
        {
            // Without the right to read it, say. The diagnosis stands without it.
            log.Admin.Warning(e, "The end of the container's log can't be read");
            return null;
        }
    }
}
