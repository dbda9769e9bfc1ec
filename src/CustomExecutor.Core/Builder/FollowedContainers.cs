namespace CustomExecutor.Core.Builder;

/// <summary>The containers of a job's pod by which its state is judged.</summary>
/// <param name="Needed">Those that must run, at least one.</param>
/// <param name="All">All that the driver made: the cluster added any other.</param>
public sealed record FollowedContainers(IReadOnlyList<PodContainer> Needed, IReadOnlyList<PodContainer> All)
{
    /// <summary>The pod of a job whose scripts run on the host: the builder alone.</summary>
    public static FollowedContainers BuilderAlone { get; } =
        new([PodContainer.Builder("")], [PodContainer.Builder("")]);
}
