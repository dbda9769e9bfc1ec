using CustomExecutor.Core.Job;

namespace CustomExecutor.Core.Builder.Verdicts;

/// <summary>A node that no longer answers: its pods still read as running.</summary>
internal static class NodeLoss
{
    /// <summary>
    /// The node controller takes the pod's Ready away and leaves ContainersReady as the kubelet last wrote it. A builder has no readiness gates of its
    /// own; with injected ones the two may differ for good.
    /// </summary>
    public static bool IsSeen(PodObservation seen) =>
        seen.Pod.Status?.Reason == "NodeLost"
        || (seen.Container?.State?.Running is not null
            && seen.Pod.Spec.ReadinessGates is not { Count: > 0 }
            && seen.Condition("Ready") is { Status: not "True" } ready
            && (ready.Status == "Unknown" || seen.Condition("ContainersReady")?.Status == "True"));

    /// <summary>The failure once patience is over, else null.</summary>
    public static PodVerdict? Judge(PodObservation seen)
    {
        if (!IsSeen(seen)) return null;
        var node = DisplayText.Of(seen.Pod.Spec.NodeName ?? "of the builder");
        var patience = seen.Phase == BuilderPhase.InUse ? Patience.NodeInUse : Patience.NodeBeforeReady;
        if (seen.Since >= patience)
            return new PodVerdict.Failed($"The builder's node {node} is lost: it has not answered the cluster for {seen.Since.TotalSeconds:0} s.\n{Advice.Retry}");
        return seen.Phase == BuilderPhase.InUse ? null : new PodVerdict.Waiting($"for the builder's node {node}, which does not answer the cluster");
    }
}
