using CustomExecutor.Core.Job;
using k8s.Models;

namespace CustomExecutor.Core.Builder;

/// <summary>What a builder pod's state means to the job that waits for it.</summary>
public abstract record PodVerdict
{
    private PodVerdict()
    {
    }

    /// <summary>Not there yet, and why.</summary>
    public sealed record Waiting(string Reason) : PodVerdict;

    /// <summary>The container runs and the pod has an address: it can be tried.</summary>
    public sealed record Running(string PodIp) : PodVerdict;

    /// <summary>It will never serve this job.</summary>
    public sealed record Failed(string Message, FailureKind Kind = FailureKind.System) : PodVerdict;

    /// <summary>Judges one state of the pod.</summary>
    public static PodVerdict Of(V1Pod pod)
    {
        var container = pod.Status?.ContainerStatuses?.FirstOrDefault(c => c.Name == PodManifest.Container);
        if (pod.Status?.Phase is "Failed" or "Succeeded" || container?.State?.Terminated is not null) return Ended(pod, container);
        if (pod.Metadata.DeletionTimestamp is not null) return new Failed("The builder pod was deleted by somebody else while it started.");
        if (container?.State?.Waiting is { } waiting && NeverStarts(waiting) is { } message) return new Failed(message);
        if (container?.State?.Running is not null && pod.Status?.PodIP is { Length: > 0 } address) return new Running(address);
        return new Waiting(WaitsFor(pod, container));
    }

    /// <summary>Reasons that the kubelet gives and no waiting mends; a failed pull it tries again by itself, so that one is waited for.</summary>
    private static string? NeverStarts(V1ContainerStateWaiting waiting) => waiting.Reason switch
    {
        "InvalidImageName" => $"The builder's image name is not valid ({Shown(waiting)}). Set builder.image in the settings.",
        "ErrImageNeverPull" => $"The builder's image is not on the node and builder.imagePullPolicy is Never ({Shown(waiting)}).",
        "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" => $"The node can't start the builder ({Shown(waiting)}).",
        _ => null,
    };

    private static Failed Ended(V1Pod pod, V1ContainerStatus? container)
    {
        var terminated = container?.State?.Terminated;
        var reason = pod.Status?.Reason ?? terminated?.Reason ?? "no reason given";
        var message = pod.Status?.Message ?? terminated?.Message;
        var code = terminated is null ? "" : $", exit code {terminated.ExitCode}";
        return new Failed($"The builder ended before it was ready: {DisplayText.Of(reason)}{code}{(message is null ? "" : $": {DisplayText.Of(message, 400)}")}");
    }

    private static string WaitsFor(V1Pod pod, V1ContainerStatus? container)
    {
        var scheduled = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled");
        if (string.IsNullOrEmpty(pod.Spec.NodeName))
            return scheduled is { Status: "False", Message.Length: > 0 } ? $"for a node ({DisplayText.Of(scheduled.Message, 400)})" : "for a node";
        if (container?.State?.Waiting is { Reason: not ("ContainerCreating" or "PodInitializing") } waiting) return $"for the container ({Shown(waiting)})";
        return container?.State?.Running is null ? "for the container to be created" : "for the pod's address";
    }

    private static string Shown(V1ContainerStateWaiting waiting) =>
        DisplayText.Of(waiting.Message is { Length: > 0 } ? $"{waiting.Reason}: {waiting.Message}" : waiting.Reason ?? "no reason given", 400);
}
