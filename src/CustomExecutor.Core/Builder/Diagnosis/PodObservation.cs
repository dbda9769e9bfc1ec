using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>What the job is to its builder: the same end of a pod is another's fault before and after.</summary>
public enum BuilderPhase
{
    /// <summary>The job waits for it.</summary>
    Starting,

    /// <summary>It has served the job's handshake; the job's script runs.</summary>
    InUse,
}

/// <summary>Everything that is known of a builder's pod at one moment.</summary>
/// <param name="Pod">Its last known state.</param>
public sealed record PodObservation(V1Pod Pod)
{
    /// <summary>Its events, in the order in which they were told.</summary>
    public IReadOnlyList<Corev1Event> Events { get; init; } = [];

    /// <summary>What the job is to it.</summary>
    public BuilderPhase Phase { get; init; }

    /// <summary>How long it has been waiting for what it waits for now (<see cref="PodWaits.Of"/>), by one clock: the
    /// driver's.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>What the last try to connect to it met, within this wait; null if none was made.</summary>
    public ConnectionTry? Connection { get; init; }

    /// <summary>It is no longer in the cluster.</summary>
    public bool IsGone { get; init; }

    /// <summary>The last lines of buildkitd's log, where they could be read.</summary>
    public string? Log { get; init; }

    /// <summary>The container that is followed; the pod may have others.</summary>
    public string ContainerName { get; init; } = PodManifest.Container;

    internal V1ContainerStatus? Container =>
        Pod.Status?.ContainerStatuses?.FirstOrDefault(c => c.Name == ContainerName);

    internal V1ContainerStateTerminated? Terminated => Container?.State?.Terminated;

    /// <summary>Nothing runs in it any more.</summary>
    internal bool HasEnded => Pod.Status?.Phase is "Failed" or "Succeeded" || Terminated is not null;

    /// <summary>Somebody has deleted it.</summary>
    internal bool IsLeaving => IsGone || Pod.Metadata.DeletionTimestamp is not null;

    /// <summary>The job can use it: nothing but its end changes that.</summary>
    internal bool IsServing => Phase == BuilderPhase.Starting && Connection is { Answers: true };

    /// <summary>How every failure begins.</summary>
    internal string Lead =>
        Phase == BuilderPhase.InUse
            ? "The builder ended while the job used it"
            : "The builder ended before it was ready";

    internal V1PodCondition? Condition(string type) => Pod.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    /// <summary>The last event of one of these reasons.</summary>
    internal Corev1Event? LastEvent(params ReadOnlySpan<string> reasons)
    {
        for (var i = Events.Count - 1; i >= 0; i--)
        {
            if (reasons.Contains(Events[i].Reason))
                return Events[i];
        }

        return null;
    }

    /// <summary>The builder's limit of a resource as people wrote it, or null.</summary>
    internal string? Limit(string resource) => Quantity(c => c.Resources?.Limits, resource);

    /// <summary>What the scheduler reserves of a resource; a limit stands for a request that is not made.</summary>
    internal string? Request(string resource) => Quantity(c => c.Resources?.Requests, resource) ?? Limit(resource);

    private string? Quantity(Func<V1Container, IDictionary<string, ResourceQuantity>?> of, string resource) =>
        Pod.Spec.Containers?.FirstOrDefault(c => c.Name == ContainerName) is { } container
        && of(container)?.TryGetValue(resource, out var quantity) == true
            ? DisplayText.Of(quantity.ToString())
            : null;
}
