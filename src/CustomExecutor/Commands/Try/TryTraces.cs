using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Commands.Try;

/// <summary>What a job leaves on the cluster and the host: shown while it lives, and looked for when it should be
/// gone.</summary>
internal sealed class TryTraces(BuilderPods pods, string instance, long jobId, bool inPod, TimeProvider time)
{
    /// <summary>
    /// The kubelet needs some time: it stops the container, removes the pod's network, then updates the API server.
    /// </summary>
    private static readonly TimeSpan KubeletTimeout = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<string> _directories = [];
    private readonly HashSet<string> _builders = [];

    /// <summary>
    /// Shows the job's pods like <c>kubectl get pods -o wide</c>, and records what must be gone later.
    /// </summary>
    public async Task ShowBuilder(PlayedAttempt attempt, JobLog log, CancellationToken cancel)
    {
        _directories.Add(attempt.Directory);
        if (!inPod)
            _directories.Add(Path.GetDirectoryName(attempt.BuildsDirectory)!);
        log.Section("The job's builder");
        try
        {
            foreach (var pod in await pods.Of(instance, jobId, cancel))
                Show(pod, log);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The job ends, as after any cancellation.
        }
        catch (DriverException e)
        {
            log.Warning(e.Message);
        }
    }

    /// <summary>Checks until nothing is left, and reports how long it took.</summary>
    /// <param name="log">The job log.</param>
    /// <param name="cancel">Ends the check immediately and reports the last result.</param>
    public async Task<bool> AreGone(JobLog log, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        log.Section("What is left of the job");
        List<string>? left = null;
        try
        {
            left = await Left(cancel);
            while (left.Count > 0 && time.GetElapsedTime(start) < KubeletTimeout)
            {
                await Task.Delay(PollInterval, time, cancel);
                left = await Left(cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            log.Warning(
                "Cancelled before everything was "
                    + $"gone{(left is null ? "" : $"; still there: {string.Join(", ", left)}")}. "
                    + "Kubernetes finishes the deletions of cleanup; custom-executor gc removes the rest."
            );
            return false;
        }

        if (left.Count == 0)
        {
            log.Plain(
                $"  nothing: pod and secret are gone ({time.GetElapsedTime(start).TotalSeconds:0.0} s after "
                    + "cleanup), workspace and attempt directory too"
            );
        }
        else
        {
            log.Error($"left behind: {string.Join(", ", left)}");
        }

        return left.Count == 0;
    }

    private void Show(V1Pod pod, JobLog log)
    {
        _builders.Add(pod.Metadata.Name);
        log.Plain($"  pod     {pod.Metadata.Name}  {pod.Status?.Phase}  {pod.Status?.PodIP} on {pod.Spec.NodeName}");
        log.Plain(
            $"  image   {Builder(pod).Image}, uid "
                + $"{Builder(pod).SecurityContext?.RunAsUser ?? pod.Spec.SecurityContext?.RunAsUser}, capabilities "
                + $"{Capabilities(pod)}"
        );
        log.Plain($"  ends by itself after {pod.Spec.ActiveDeadlineSeconds} s, whatever happens");
    }

    private async Task<List<string>> Left(CancellationToken cancel)
    {
        var left = _directories.Where(Directory.Exists).Select(d => $"directory {d}").ToList();
        left.AddRange((await pods.Of(instance, jobId, cancel)).Select(p => $"pod {p.Metadata.Name}"));
        foreach (var builder in _builders)
        {
            if (await pods.HasSecret(builder, cancel))
                left.Add($"secret {builder}");
        }

        return left;
    }

    /// <summary>An admission webhook may have put a container of its own first.</summary>
    private static V1Container Builder(V1Pod pod) =>
        pod.Spec.Containers.FirstOrDefault(c => c.Name == PodManifest.Container) ?? pod.Spec.Containers[0];

    private static string Capabilities(V1Pod pod) =>
        string.Join(" + ", Builder(pod).SecurityContext?.Capabilities?.Add ?? []);
}
