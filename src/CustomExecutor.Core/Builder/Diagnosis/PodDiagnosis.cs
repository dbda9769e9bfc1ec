namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>What a builder pod's state means to its job.</summary>
public abstract record PodDiagnosis
{
    private PodDiagnosis() { }

    /// <summary>Not there yet, and why.</summary>
    /// <param name="Reason">What is waited for, as it follows "it waited".</param>
    /// <param name="Remedy">What can be done should the waiting go on, in full sentences; null where patience is
    /// all.</param>
    public sealed record Waiting(string Reason, string? Remedy = null) : PodDiagnosis;

    /// <summary>The container runs and the pod has an address: it can be tried.</summary>
    /// <param name="PodIp">The address; empty for a job's pod whose status does not have it yet.</param>
    /// <param name="Trouble">What is wrong with another container of the pod, in full sentences, should the builder not
    /// answer; null if nothing is.</param>
    /// <param name="Connection">While it starts: what the last try to connect to it met; null before the first.</param>
    public sealed record Running(string PodIp, string? Trouble = null, ConnectionTry? Connection = null) : PodDiagnosis;

    /// <summary>It will not serve this job (any more).</summary>
    /// <param name="Message">The cause, and on the lines below it the remedy and buildkitd's last words.</param>
    /// <param name="Kind">Whose failure it is: before the builder was ready never the job's own.</param>
    public sealed record Failed(string Message, FailureKind Kind = FailureKind.System) : PodDiagnosis;

    /// <summary>Judges what is known of a pod.</summary>
    public static PodDiagnosis Of(PodObservation seen)
    {
        if (seen.HasEnded || seen.IsLeaving)
            return EndedPod.Judge(seen);
        if (!seen.IsServing && NodeLoss.Judge(seen) is { } lost)
            return lost;
        if (seen.IsRunning)
        {
            return seen.Address is { } address
                ? new Running(
                    address,
                    InjectedStart.Trouble(seen),
                    seen.Phase == BuilderPhase.Starting ? seen.Connection : null
                )
                : new Waiting("for the pod's address");
        }

        return string.IsNullOrEmpty(seen.Pod.Spec.NodeName) ? Scheduling.Judge(seen) : ContainerStart.Judge(seen);
    }
}
