namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>What a pod waits for, as coarse as patience is measured: a failed pull and the pause before the next one
/// are one wait.</summary>
public enum PodWait
{
    Nothing,
    Node,
    Container,
    Image,
    Configuration,
    Start,
    Crash,
    LostNode,
}

/// <summary>Reads what a pod waits for.</summary>
public static class PodWaits
{
    /// <summary>What it waits for now; <see cref="PodObservation.Since"/> counts from when this last changed.</summary>
    public static PodWait Of(PodObservation seen)
    {
        if (NodeLoss.IsSeen(seen))
            return PodWait.LostNode;
        if (seen.Container?.State?.Running is not null || seen.RunsUnseen || seen.HasEnded)
            return PodWait.Nothing;
        if (string.IsNullOrEmpty(seen.Pod.Spec.NodeName))
            return PodWait.Node;
        var injected = InjectedContainer.Before(seen);
        // A container that is restarted runs for a moment now and then: that is still the same wait.
        if (injected is { HasFailed: true } && injected.Problem is null or { Reason: "CrashLoopBackOff" })
            return PodWait.Crash;
        return (injected?.Problem ?? seen.Container?.State?.Waiting)?.Reason switch
        {
            "ErrImagePull" or "ImagePullBackOff" or "RegistryUnavailable" or "ImageInspectError" => PodWait.Image,
            "CreateContainerConfigError" => PodWait.Configuration,
            "CreateContainerError" or "RunContainerError" or "CrashLoopBackOff" => PodWait.Start,
            _ => PodWait.Container,
        };
    }
}
