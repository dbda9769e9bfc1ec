namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A pod that has ended, or that somebody takes away. Who ended it is asked first: each of them leaves a dead
/// container behind as well.</summary>
internal static class EndedPod
{
    public static PodDiagnosis.Failed Judge(PodObservation seen) =>
        Eviction.Judge(seen)
        ?? Disruption.Judge(seen)
        ?? MemoryKill.Judge(seen)
        ?? Deleted(seen)
        ?? Unnamed(seen)
        ?? DaemonExit.Judge(seen);

    private static PodDiagnosis.Failed? Deleted(PodObservation seen) =>
        !seen.IsLeaving
            ? null
            : new PodDiagnosis.Failed(
                seen.Phase == BuilderPhase.InUse
                    ? $"{seen.ThePod} was deleted by somebody else while the job used it.\n{Advice.Retry}"
                    : $"{seen.ThePod} was deleted by somebody else while it started.\n{Advice.Retry}"
            );

    /// <summary>A reason of the pod's own that is not known here speaks for itself.</summary>
    private static PodDiagnosis.Failed? Unnamed(PodObservation seen) =>
        seen.Pod.Status switch
        {
            { Reason: { Length: > 0 } reason } status => new PodDiagnosis.Failed(
                $"{seen.Lead}: {DisplayText.Of(reason)}"
                    + (status.Message is { Length: > 0 } message ? $": {DisplayText.Of(message, 400)}" : "")
            ),
            _ => null,
        };
}
