using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>Waits until the job can use its pod, and tells the author meanwhile what it waits for.</summary>
/// <param name="pods">The cluster.</param>
/// <param name="containers">What must run.</param>
/// <param name="connect">Tries to use it, once all that run; each try but the first after a pause.</param>
/// <param name="log">Where the author is told.</param>
/// <param name="times">How far prepare has come, and when.</param>
/// <param name="server">The API server's clock.</param>
/// <param name="time">This host's clock.</param>
/// <param name="until">See <see cref="LateStart.Sentence"/>.</param>
internal sealed class BuilderWait(
    BuilderPods pods,
    FollowedContainers containers,
    Func<string, CancellationToken, Task<ConnectionTry>> connect,
    StageLog log,
    PrepareTimings times,
    ClusterClock server,
    TimeProvider time,
    string? until = null
)
{
    /// <summary>The pod's address, once a try to use it has succeeded.</summary>
    /// <param name="pod">The pod as it was created or last read.</param>
    /// <param name="timeout">How long the start may take in all; a part of it has passed.</param>
    /// <param name="cancel">The runner wants the stage to end.</param>
    /// <exception cref="DriverException">The pod failed, or it was not ready in time: with what was waited
    /// for.</exception>
    public async Task<string> UntilReady(V1Pod pod, TimeSpan timeout, CancellationToken cancel)
    {
        var left = timeout - times.Elapsed;
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var (progress, last) = (new BuilderProgress(pod), (PodDiagnosis?)null);
        var follower = new BuilderFollower(pods, log, time);
        try
        {
            await foreach (
                var diagnosis in follower.Follow(pod, BuilderPhase.Starting, containers, connect, progress, end.Token)
            )
            {
                times.Mark(progress.Reached);
                last = diagnosis;
                if (diagnosis is PodDiagnosis.Failed failed)
                    throw new DriverException(failed.Message, failed.Kind);
                if (diagnosis is PodDiagnosis.Running { Connection.Answers: true } ready)
                    return ready.PodIp;
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // What was waited for is told below.
        }

        throw new DriverException(TooLate(timeout, last));
    }

    private string TooLate(TimeSpan timeout, PodDiagnosis? last) =>
        LateStart.Sentence(timeout, last, until)
        + $"\nWhere the time went: {StartReport.Of(times.Marks, times.Elapsed, until)}."
        + (server.Difference is { } difference ? $"\n{difference}" : "")
        // What was waited for may have happened long ago, unseen.
        + (
            pods.Outage.Fault is { } fault
                ? $"\nWhen time ran out, the Kubernetes API was not responding ({fault.Text})."
                : ""
        );
}
