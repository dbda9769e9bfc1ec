namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A node that no longer answers: its pods still read as running.</summary>
internal static class NodeLoss
{
    /// <summary>
    /// The node controller takes the pod's Ready away and leaves ContainersReady as the kubelet last wrote it. A
    /// builder has no readiness gates of its own; with injected ones the two may differ for good.
    /// </summary>
    public static bool IsSeen(PodObservation seen) =>
        seen.Pod.Status?.Reason == "NodeLost"
        || (
            seen.Container?.State?.Running is not null
            && seen.Pod.Spec.ReadinessGates is not { Count: > 0 }
            && seen.Condition("Ready") is { Status: not "True" } ready
            && (ready.Status == "Unknown" || seen.Condition("ContainersReady")?.Status == "True")
        );

    /// <summary>
    /// The grace period of a builder in use is over. A kubelet that hangs, or that lost its way to the API
    /// server, ends no build: the builder's own answer decides.
    /// </summary>
    public static bool DependsOnAnswer(PodObservation seen) =>
        seen.Phase == BuilderPhase.InUse && seen.Since >= GracePeriods.NodeInUse && IsSeen(seen);

    /// <summary>The failure once patience is over, else null.</summary>
    public static PodDiagnosis? Judge(PodObservation seen)
    {
        if (!IsSeen(seen))
            return null;
        var node = DisplayText.Of(seen.Pod.Spec.NodeName ?? "of the builder");
        if (seen.Phase == BuilderPhase.InUse)
        {
            return DependsOnAnswer(seen) && seen.Connection is { Answers: false }
                ? Lost(seen, node, ", and the builder takes no connection any more")
                : null;
        }

        return seen.Since >= GracePeriods.NodeBeforeReady
            ? Lost(seen, node, "")
            : new PodDiagnosis.Waiting($"for the {seen.Resident}'s node {node}, which does not answer the cluster");
    }

    private static PodDiagnosis.Failed Lost(PodObservation seen, string node, string more) =>
        new(
            $"The {seen.Resident}'s node {node} is lost: it has not answered the cluster for "
                + $"{seen.Since.TotalSeconds:0} "
                + $"s{more}.\n{Advice.Retry}"
        );
}
