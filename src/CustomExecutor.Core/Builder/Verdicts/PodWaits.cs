namespace CustomExecutor.Core.Builder.Verdicts;

/// <summary>What a pod waits for, as coarse as patience is measured: a failed pull and the pause before the next one are one wait.</summary>
public enum PodWait
{
    Nothing,
    Node,
    Container,
    Image,
    Configuration,
    Start,
    LostNode,
}

/// <summary>Reads what a pod waits for.</summary>
public static class PodWaits
{
    /// <summary>What it waits for now; <see cref="PodObservation.Since"/> counts from when this last changed.</summary>
    public static PodWait Of(PodObservation seen)
    {
        if (NodeLoss.IsSeen(seen)) return PodWait.LostNode;
        if (seen.Container?.State?.Running is not null || seen.HasEnded) return PodWait.Nothing;
        if (string.IsNullOrEmpty(seen.Pod.Spec.NodeName)) return PodWait.Node;
        return seen.Container?.State?.Waiting?.Reason switch
        {
            "ErrImagePull" or "ImagePullBackOff" or "RegistryUnavailable" or "ImageInspectError" => PodWait.Image,
            "CreateContainerConfigError" => PodWait.Configuration,
            "CreateContainerError" or "RunContainerError" or "CrashLoopBackOff" => PodWait.Start,
            _ => PodWait.Container,
        };
    }
}
