using System.Net;
using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>Waits until a builder serves its job, and tells the author meanwhile what it waits for.</summary>
/// <param name="pods">The cluster.</param>
/// <param name="certificates">For the driver's own handshake.</param>
/// <param name="log">Where the author is told.</param>
/// <param name="times">How far prepare has come, and when.</param>
/// <param name="server">The API server's clock.</param>
/// <param name="time">This host's clock.</param>
internal sealed class BuilderWait(
    BuilderPods pods,
    JobCertificates certificates,
    StageLog log,
    PrepareTimings times,
    ClusterClock server,
    TimeProvider time
)
{
    private EndpointProbe? _probe;
    private long _firstTry;

    /// <summary>The endpoint, once the driver's own handshake with it has succeeded.</summary>
    /// <param name="pod">The pod as it was created.</param>
    /// <param name="timeout">How long the start may take in all; a part of it has passed.</param>
    /// <param name="cancel">The runner wants the stage to end.</param>
    /// <exception cref="DriverException">The builder failed, or it was not ready in time: with what was waited
    /// for.</exception>
    public async Task<BuilderEndpoint> UntilReady(V1Pod pod, TimeSpan timeout, CancellationToken cancel)
    {
        var left = timeout - times.Elapsed;
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var (name, progress, last) = (pod.Metadata.Name, new BuilderProgress(), (PodDiagnosis?)null);
        var follower = new BuilderFollower(pods, log, time);
        try
        {
            await foreach (
                var diagnosis in follower.Follow(
                    pod,
                    BuilderPhase.Starting,
                    (address, stop) => Try(EndpointOf(address, name), stop),
                    progress,
                    end.Token
                )
            )
            {
                times.Mark(progress.Reached);
                last = diagnosis;
                if (diagnosis is PodDiagnosis.Failed failed)
                    throw new DriverException(failed.Message, failed.Kind);
                if (diagnosis is PodDiagnosis.Running { Connection.Answers: true } ready)
                    return EndpointOf(ready.PodIp, name);
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // What was waited for is told below.
        }

        throw new DriverException(TooLate(timeout, last));
    }

    /// <summary>The driver's handshake; each but the first after a pause.</summary>
    private async Task<ConnectionTry> Try(BuilderEndpoint endpoint, CancellationToken end)
    {
        if (_probe is null)
            (_probe, _firstTry) = (new EndpointProbe(endpoint, certificates, time), time.GetTimestamp());
        else
            await Task.Delay(DialDelay.After(time.GetElapsedTime(_firstTry)), time, end);
        return await _probe.Try(end);
    }

    private static BuilderEndpoint EndpointOf(string address, string name) => new(IPAddress.Parse(address), name);

    private string TooLate(TimeSpan timeout, PodDiagnosis? last) =>
        LateStart.Sentence(timeout, last)
        + $"\nWhere the time went: {StartReport.Of(times.Marks, times.Elapsed)}."
        + (server.Difference is { } difference ? $"\n{difference}" : "")
        // What was waited for may have happened long ago, unseen.
        + (
            pods.Outage.Fault is { } fault
                ? $"\nWhen time ran out, the Kubernetes API was not responding ({fault.Text})."
                : ""
        );
}
