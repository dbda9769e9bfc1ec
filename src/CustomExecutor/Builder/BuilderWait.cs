using System.Diagnostics;
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
internal sealed class BuilderWait(
    BuilderPods pods,
    JobCertificates certificates,
    StageLog log,
    PrepareTimings times,
    ClusterClock clock
)
{
    private readonly TaskCompletionSource<IPAddress> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PodDiagnosis.Waiting _waitsFor = new("for a node");
    private volatile string? _trouble;

    /// <summary>The endpoint, once the driver's own handshake with it has succeeded.</summary>
    /// <param name="pod">The pod as it was created.</param>
    /// <param name="timeout">How long the start may take in all; a part of it has passed.</param>
    /// <param name="cancel">The runner wants the stage to end.</param>
    /// <exception cref="DriverException">The builder failed, or it was not ready in time: with what was waited
    /// for.</exception>
    public async Task<BuilderEndpoint> UntilReady(V1Pod pod, TimeSpan timeout, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var failing = new BuilderObserver(pods, log, BuilderPhase.Starting, times).UntilFailed(pod, Note, end.Token);
        var ready = Reach(pod.Metadata.Name, end.Token);
        try
        {
            // The pod is followed on while it is tried: if it dies, nobody waits for an answer of it.
            var left = timeout - times.Elapsed;
            if (
                await Task.WhenAny(ready, failing).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancel)
                == ready
            )
            {
                return await ready;
            }

            var failed = await failing;
            throw new DriverException(failed.Message, failed.Kind);
        }
        catch (TimeoutException)
        {
            throw new DriverException(TooLate(timeout));
        }
        finally
        {
            await end.CancelAsync();
            await EndedTasks.Observe(failing, ready);
        }
    }

    /// <summary>What was waited for may have happened long ago, unseen.</summary>
    private string Outage() =>
        pods.Outage.Fault is { } fault
            ? $"\nWhen time ran out, the Kubernetes API was not responding ({fault.Text})."
            : "";

    private void Note(PodDiagnosis diagnosis)
    {
        switch (diagnosis)
        {
            case PodDiagnosis.Running running:
                times.Mark(StartReport.Started);
                _trouble = running.Trouble;
                _address.TrySetResult(IPAddress.Parse(running.PodIp));
                break;
            case PodDiagnosis.Waiting waiting:
                _waitsFor = waiting;
                break;
        }
    }

    private async Task<BuilderEndpoint> Reach(string serverName, CancellationToken cancel)
    {
        var endpoint = new BuilderEndpoint(await _address.Task.WaitAsync(cancel), serverName);
        var probe = new EndpointProbe(endpoint, certificates);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var result = await probe.Try(cancel);
            if (result.Listening)
                times.Mark(StartReport.Listening);
            if (result.Ready)
            {
                times.Mark(StartReport.Handshake);
                return endpoint;
            }

            _waitsFor = new(
                $"for BuildKit to answer at {endpoint.Url} ({result.Problem})",
                result.Listening ? null : "The runner has no route to pod addresses, or a NetworkPolicy forbids it."
            );
            await Task.Delay(DialDelay.After(Stopwatch.GetElapsedTime(began)), cancel);
        }
    }

    private string TooLate(TimeSpan timeout)
    {
        var waited = _waitsFor;
        return $"The builder was not ready within {timeout.TotalSeconds:0} s (builder.prepareTimeoutSeconds): it "
            + $"waited {waited.Reason}."
            + (waited.Remedy is { } remedy ? $"\n{remedy}" : "")
            + (_trouble is { } trouble ? $"\n{trouble}" : "")
            + $"\nWhere the time went: {StartReport.Of(times.Marks, times.Elapsed)}."
            + (clock.Difference is { } difference ? $"\n{difference}" : "")
            + Outage();
    }
}
