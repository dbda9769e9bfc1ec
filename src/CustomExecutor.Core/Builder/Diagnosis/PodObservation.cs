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
    public PodContainer Followed { get; init; } = PodContainer.Builder("");

    /// <summary>All containers that the driver made; others were added by the cluster.</summary>
    public IReadOnlyList<PodContainer> Own { get; init; } = [PodContainer.Builder("")];

    /// <summary>The driver's containers that a message of the kubelet names ("Container NAME was using ...").</summary>
    internal IReadOnlyList<PodContainer> Named(string message) =>
        [.. Own.Where(own => message.Contains($"Container {own.Name} ", StringComparison.OrdinalIgnoreCase))];

    /// <summary>The pod as a sentence begins with it: the scripts may run in it as well.</summary>
    internal string ThePod => IsBuilderAlone ? "The builder pod" : "The job's pod";

    /// <summary>Whose node it is that the pod runs on.</summary>
    internal string Resident => IsBuilderAlone ? "builder" : "job";

    /// <summary>The container within a sentence; it needs no name where there is no other.</summary>
    internal string TheContainer => IsBuilderAlone ? "the container" : Followed.TheContainer;

    private bool IsBuilderAlone => Own.Count == 1;

    internal V1ContainerStatus? Container =>
        (Pod.Status?.ContainerStatuses ?? [])
            .Concat(Pod.Status?.InitContainerStatuses ?? [])
            .FirstOrDefault(c => c.Name == Followed.Name);

    internal V1ContainerStateTerminated? Terminated => Container?.State?.Terminated;

    /// <summary>The container runs, or has done what the job needs of it.</summary>
    internal bool IsRunning => Container?.State?.Running is not null || IsDone || RunsUnseen;

    /// <summary>The kubelet writes the pod's status, and then starts one container after another; it writes it again
    /// when it has pulled the images of all (<c>syncPod</c>). Only an event tells of one that runs meanwhile.</summary>
    internal bool RunsUnseen =>
        !IsBuilderAlone
        && Container?.State
            is null
                or {
                    Running: null,
                    Terminated: null,
                    Waiting: null or { Reason: null or "" or "ContainerCreating" or "PodInitializing" }
                }
        && Events.Any(e => e.Reason == "Started" && FollowedContainers.IsAbout(e, Followed));

    /// <summary>The pod's address; empty where its status does not have it yet and nobody needs it; null where it is
    /// waited for.</summary>
    internal string? Address =>
        Pod.Status?.PodIP is { Length: > 0 } address ? address
        : RunsUnseen ? ""
        : null;

    /// <summary>Nothing runs in it any more.</summary>
    internal bool HasEnded => Pod.Status?.Phase is "Failed" or "Succeeded" || (Terminated is not null && !IsDone);

    /// <summary>A container that copies ends well; a job goes on without a service that ended, which is
    /// reported.</summary>
    private bool IsDone =>
        Terminated is { } end
        && (Followed.Role == ContainerRole.Service || (Followed.Role == ContainerRole.Tools && end.ExitCode == 0));

    /// <summary>Somebody has deleted it.</summary>
    internal bool IsLeaving => IsGone || Pod.Metadata.DeletionTimestamp is not null;

    /// <summary>The job can use it: nothing but its end changes that.</summary>
    internal bool IsServing => Phase == BuilderPhase.Starting && Connection is { Answers: true };

    /// <summary>How every failure begins.</summary>
    internal string Lead =>
        Phase == BuilderPhase.InUse
            ? $"{Followed.Subject} ended while the job used it"
            : $"{Followed.Subject} ended before it was ready";

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

    /// <summary>The limit of a resource of the container that is followed, or null.</summary>
    internal string? Limit(string resource) => LimitOf(Followed, resource);

    /// <summary>A container's limit of a resource as people wrote it, or null.</summary>
    internal string? LimitOf(PodContainer container, string resource) =>
        Quantity(container, c => c.Resources?.Limits, resource);

    /// <summary>What the scheduler reserves of a resource for a container; a limit stands for a request that is not
    /// made.</summary>
    internal string? RequestOf(PodContainer container, string resource) =>
        Quantity(container, c => c.Resources?.Requests, resource) ?? LimitOf(container, resource);

    private string? Quantity(
        PodContainer asked,
        Func<V1Container, IDictionary<string, ResourceQuantity>?> of,
        string resource
    ) =>
        Pod.Spec.Containers?.FirstOrDefault(c => c.Name == asked.Name) is { } container
        && of(container)?.TryGetValue(resource, out var quantity) == true
            ? DisplayText.Of(quantity.ToString())
            : null;
}
