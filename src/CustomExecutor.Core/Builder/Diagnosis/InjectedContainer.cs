using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A container that the cluster added to the job's pod.</summary>
public sealed record InjectedContainer(string Kind, string Name, V1ContainerStatus Status)
{
    /// <summary>What an author and an admin can do about it.</summary>
    public const string Remedy =
        "A webhook or policy of the cluster adds this container, not the driver: ask its owner, or exempt the "
        + "builders' namespace from it.";

    private const string Sidecar = "sidecar";

    /// <summary>Its name in a sentence. The name comes from the cluster.</summary>
    public string Shown => $"the {Kind} {DisplayText.Of(Name)}, which the cluster added to the pod";

    /// <summary>The container to which buildkitd's own start is delayed; null if none has begun or all are
    /// done.</summary>
    public static InjectedContainer? Before(PodObservation seen)
    {
        if (seen.Container?.State is { Running: not null } or { Terminated: not null })
            return null;
        // Another reason is buildkitd's own, so it is buildkitd's turn.
        if (seen.Container?.State?.Waiting?.Reason is not (null or "" or "ContainerCreating" or "PodInitializing"))
            return null;
        return Inits(seen).Concat(SidecarsBefore(seen)).FirstOrDefault(c => !c.IsDone && c.HasBegun);
    }

    /// <summary>The first container with a failure, in a pod whose own container is not at fault.</summary>
    public static InjectedContainer? AtFault(PodObservation seen) =>
        All(seen).FirstOrDefault(c => c.HasFailed) ?? All(seen).FirstOrDefault(c => c.Problem is not null);

    /// <summary>How it ended last, or null if it never did.</summary>
    public V1ContainerStateTerminated? End => Status.State?.Terminated ?? Status.LastState?.Terminated;

    /// <summary>Why it does not run, in the kubelet's words; null if nothing is wrong.</summary>
    public V1ContainerStateWaiting? Problem =>
        Status.State?.Waiting is { Reason: not (null or "" or "ContainerCreating" or "PodInitializing") } waiting
            ? waiting
            : null;

    /// <summary>It runs now.</summary>
    public bool Runs => Status.State?.Running is not null;

    /// <summary>It ended with an error, whether or not the kubelet restarts it.</summary>
    public bool HasFailed => End is { ExitCode: not 0 };

    public bool IsSidecar => Kind == Sidecar;

    // A sidecar lets the next container start once its startup probe and postStart hook have succeeded, an init
    // container once it has ended well.
    private bool IsDone => IsSidecar ? Status.Started == true : Status.State?.Terminated is { ExitCode: 0 };

    private bool HasBegun =>
        Status.State is { Running: not null } or { Terminated: not null }
        || Problem is not null
        || Status.RestartCount > 0;

    private static IEnumerable<InjectedContainer> All(PodObservation seen) =>
        Inits(seen).Concat(Of(seen, Sidecar, seen.Pod.Spec.Containers, seen.Pod.Status?.ContainerStatuses));

    /// <summary>Since 1.29 an init container that is always restarted is a sidecar.</summary>
    private static IEnumerable<InjectedContainer> Inits(PodObservation seen) =>
        from container in seen.Pod.Spec.InitContainers ?? []
        let kind = container.RestartPolicy == "Always" ? Sidecar : "init container"
        from injected in Of(seen, kind, [container], seen.Pod.Status?.InitContainerStatuses)
        select injected;

    /// <summary>The kubelet starts containers in their order; a postStart hook delays the next one.</summary>
    private static IEnumerable<InjectedContainer> SidecarsBefore(PodObservation seen) =>
        from container in seen.Pod.Spec.Containers?.TakeWhile(c => c.Name != seen.Followed.Name) ?? []
        where container.Lifecycle?.PostStart is not null
        from injected in Of(seen, Sidecar, [container], seen.Pod.Status?.ContainerStatuses)
        where injected.Runs
        select injected;

    private static IEnumerable<InjectedContainer> Of(
        PodObservation seen,
        string kind,
        IEnumerable<V1Container>? containers,
        IEnumerable<V1ContainerStatus>? statuses
    ) =>
        from container in containers ?? []
        where seen.Own.All(own => own.Name != container.Name)
        from status in statuses ?? []
        where status.Name == container.Name
        select new InjectedContainer(kind, container.Name, status);
}
