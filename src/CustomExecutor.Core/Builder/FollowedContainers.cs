using k8s.Models;

namespace CustomExecutor.Core.Builder;

/// <summary>The containers of a job's pod by which its state is judged.</summary>
/// <param name="Needed">Those that must run, at least one.</param>
/// <param name="All">All that the driver made: the cluster added any other.</param>
public sealed record FollowedContainers(IReadOnlyList<PodContainer> Needed, IReadOnlyList<PodContainer> All)
{
    /// <summary>Whether an event is about a needed container, or about the pod as a whole.</summary>
    public bool Concerns(Corev1Event happened) => All.Except(Needed).All(other => !IsAbout(happened, other));

    /// <summary>Whether an event is about one container: <c>spec.containers{NAME}</c> is what the kubelet
    /// writes.</summary>
    internal static bool IsAbout(Corev1Event happened, PodContainer container) =>
        happened.InvolvedObject?.FieldPath?.EndsWith($"{{{container.Name}}}", StringComparison.Ordinal) == true;

    /// <summary>The pod of a job whose scripts run on the host: the builder alone.</summary>
    public static FollowedContainers BuilderAlone { get; } =
        new([PodContainer.Builder("")], [PodContainer.Builder("")]);
}
