using System.Net;
using CustomExecutor.Buildx;
using CustomExecutor.Cluster;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Job;
using CustomExecutor.Host;
using k8s.Models;

namespace CustomExecutor.Stages;

/// <summary>Waits until a builder serves its job, and tells the author meanwhile what it waits for.</summary>
internal sealed class BuilderWait(BuilderPods pods, JobCertificates certificates, StageLog log, StartTimes times)
{
    /// <summary>Between two tries to reach a builder whose container runs: buildkitd listens some 100 to 600 ms later.</summary>
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);

    private readonly BuilderProgress _progress = new();
    private readonly TaskCompletionSource<IPAddress> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _waitsFor = "for a node";

    /// <summary>The endpoint, once the driver's own handshake with it has succeeded.</summary>
    /// <param name="pod">The pod as it was created.</param>
    /// <param name="timeout">How long prepare may take in all; a part of it has passed.</param>
    /// <param name="cancel">The runner wants prepare to end.</param>
    /// <exception cref="DriverException">The builder failed, or it was not ready in time: with what was waited for.</exception>
    public async Task<BuilderEndpoint> UntilReady(V1Pod pod, TimeSpan timeout, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var following = new PodFollower(pods, log).Follow(pod, Judge, end.Token);
        var events = TellEvents(pod, end.Token);
        var ready = Reach(pod.Metadata.Name, end.Token);
        try
        {
            // The pod is followed on while it is tried: if it dies, nobody waits for an answer of it.
            var left = timeout - times.Elapsed;
            var first = await Task.WhenAny(ready, following).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancel);
            return first == ready ? await ready : throw await Failure(following);
        }
        catch (TimeoutException)
        {
            throw new DriverException($"The builder was not ready within {timeout.TotalSeconds:0} s (builder.prepareTimeoutSeconds): it waited {_waitsFor}.");
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(following, events, ready).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task<DriverException> Failure(Task following)
    {
        await following;
        return new DriverException("The builder pod is no longer followed.");
    }

    private void Judge(V1Pod pod)
    {
        foreach (var line in _progress.After(pod)) log.Tell(line);
        if (!string.IsNullOrEmpty(pod.Spec.NodeName)) times.Mark("scheduled");
        switch (PodVerdict.Of(pod))
        {
            case PodVerdict.Failed failed:
                throw new DriverException(failed.Message, failed.Kind);
            case PodVerdict.Running running:
                times.Mark("started");
                _address.TrySetResult(IPAddress.Parse(running.PodIp));
                break;
            case PodVerdict.Waiting waiting:
                _waitsFor = waiting.Reason;
                break;
        }
    }

    private async Task<BuilderEndpoint> Reach(string serverName, CancellationToken cancel)
    {
        var endpoint = new BuilderEndpoint(await _address.Task.WaitAsync(cancel), serverName);
        var probe = new EndpointProbe(endpoint, certificates);
        while (true)
        {
            var result = await probe.Try(cancel);
            if (result.Listening) times.Mark("listening");
            if (result.Ready)
            {
                times.Mark("handshake");
                return endpoint;
            }

            _waitsFor = $"for BuildKit to answer at {endpoint.Url} ({result.Problem}). If this goes on, the runner has no route to pod addresses";
            await Task.Delay(BetweenTries, cancel);
        }
    }

    private async Task TellEvents(V1Pod pod, CancellationToken cancel)
    {
        try
        {
            await foreach (var change in pods.WatchEvents(pod, cancel))
                foreach (var line in _progress.After(change.Object))
                    log.Tell(line);
        }
        catch (Exception e) when (ApiFailure.IsOne(e))
        {
            // Events only tell more of what the pod's own state decides.
            log.Admin.Warning(e, "The builder's events can't be read");
        }
    }
}
