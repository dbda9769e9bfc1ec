using System.Diagnostics;
using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>
/// Follows one builder, before it serves its job or under its script, and judges it at each change and as time passes.
/// While it starts, the author is told what happens to it.
/// </summary>
/// <param name="pods">The cluster.</param>
/// <param name="log">Where the author is told.</param>
/// <param name="phase">What the job is to the builder.</param>
/// <param name="times">Where a start's time went.</param>
/// <param name="answers">Whether the builder still takes connections; for one in use.</param>
internal sealed class BuilderObserver(
    BuilderPods pods,
    StageLog log,
    BuilderPhase phase,
    PrepareTimings times,
    Func<CancellationToken, Task<bool>>? answers = null
)
{
    /// <summary>GracePeriods runs out without anything that happens.</summary>
    private static readonly TimeSpan BetweenJudgements = TimeSpan.FromSeconds(1);

    /// <summary>An event that names the cause may come just behind the end that it caused.</summary>
    private static readonly TimeSpan ForLateEvents = TimeSpan.FromMilliseconds(300);

    /// <summary>A node that is lost gives no log.</summary>
    private static readonly TimeSpan ForTheLog = TimeSpan.FromSeconds(5);

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly BuilderProgress _progress = new();
    private readonly TaskCompletionSource<PodDiagnosis.Failed> _failed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private TimeSpan Age => Stopwatch.GetElapsedTime(_began);

    /// <summary>The failure, once there is one, with the end of buildkitd's log where that helps.</summary>
    /// <param name="pod">The pod, as it was created or last read.</param>
    /// <param name="onVerdict">Called with each other diagnosis; not from two threads at once.</param>
    /// <param name="cancel">Nobody wants to know any more.</param>
    /// <exception cref="DriverException">The pod may not be watched.</exception>
    public async Task<PodDiagnosis.Failed> UntilFailed(
        V1Pod pod,
        Action<PodDiagnosis> onVerdict,
        CancellationToken cancel
    )
    {
        var history = new BuilderHistory(pod, phase);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var following = FollowPod(pod, history, Note, end.Token);
        var timer = LetTimePass(history, Note, end.Token);
        // Nothing fails without events, and their follower reports its own faults.
        var events = FollowEvents(pod, history, Note, end.Token);
        try
        {
            // Without either of the two a builder that failed would be waited for, so a fault of theirs is one of the
            // whole.
            var first = await Task.WhenAny(_failed.Task, following, timer).WaitAsync(cancel);
            await first;
            return await WithItsLastWords(await _failed.Task, history, pod.Metadata.Name, cancel);
        }
        finally
        {
            await end.CancelAsync();
            await EndedTasks.Observe(following, timer, events);
        }

        void Note(PodDiagnosis diagnosis)
        {
            lock (_progress)
            {
                if (diagnosis is PodDiagnosis.Failed failed)
                    _failed.TrySetResult(failed);
                else if (!_failed.Task.IsCompleted)
                    onVerdict(diagnosis);
                Tell(_progress.After(diagnosis));
            }
        }
    }

    private async Task FollowPod(V1Pod pod, BuilderHistory history, Action<PodDiagnosis> note, CancellationToken cancel)
    {
        await new PodFollower(pods, log).Follow(
            pod,
            state =>
            {
                Tell(_progress.After(state));
                if (!string.IsNullOrEmpty(state.Spec.NodeName))
                    times.Mark(StartReport.Scheduled);
                note(history.After(state, Age));
            },
            cancel
        );
        note(history.AfterItWasGone(Age));
    }

    private Task FollowEvents(V1Pod pod, BuilderHistory history, Action<PodDiagnosis> note, CancellationToken cancel) =>
        new EventFollower(pods, log).Follow(
            pod,
            happened =>
            {
                Tell(_progress.After(happened, Age));
                if (happened.Reason == "Pulling")
                    times.Mark(StartReport.Pulling);
                if (
                    happened is { Reason: "Pulled", Message: { } message }
                    && message.StartsWith("Successfully", StringComparison.Ordinal)
                )
                {
                    times.Mark(StartReport.Pulled);
                }

                note(history.After(happened, Age));
            },
            cancel
        );

    private async Task LetTimePass(BuilderHistory history, Action<PodDiagnosis> note, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(BetweenJudgements);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            note(history.At(Age));
            if (answers is not null && history.HangsOnAnswer)
                note(history.AfterAConnection(await answers(cancel), Age));
        }
    }

    private async Task<PodDiagnosis.Failed> WithItsLastWords(
        PodDiagnosis.Failed first,
        BuilderHistory history,
        string name,
        CancellationToken cancel
    )
    {
        var late = Task.Delay(ForLateEvents, cancel);
        var words = history.HasLog ? await ReadLog(name, cancel) : null;
        await late;
        return history.AfterItsLog(words, Age) as PodDiagnosis.Failed ?? first;
    }

    private async Task<string?> ReadLog(string name, CancellationToken cancel)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        budget.CancelAfter(ForTheLog);
        try
        {
            return await pods.LogTail(name, age: null, budget.Token);
        }
        catch (Exception e)
            when (e is DriverException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Without the right to read it, say. The diagnosis stands without it.
            log.Admin.Warning(e, "The end of the builder's log can't be read");
            return null;
        }
    }

    private void Tell(IEnumerable<string> lines)
    {
        if (phase == BuilderPhase.Starting)
        {
            foreach (var line in lines)
                log.WriteToJobLog(line);
        }
    }
}
