namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>How long the driver watches a node try again by itself before it believes that trying is in vain.</summary>
internal static class GracePeriods
{
    /// <summary>The kubelet tries a failed pull again after 10, 20, 40 s: one more try, for a registry that was in the
    /// middle of something.</summary>
    public static readonly TimeSpan WrongImage = TimeSpan.FromSeconds(20);

    /// <summary>Networks and registries come back; four tries of the kubelet.</summary>
    public static readonly TimeSpan UnreachableRegistry = TimeSpan.FromSeconds(120);

    /// <summary>What a container refers to may still be in the making: the pod is created just before its
    /// secret.</summary>
    public static readonly TimeSpan Configuration = TimeSpan.FromSeconds(20);

    /// <summary>A runtime that is busy fails to create a container and manages a second later.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(10);

    /// <summary>The kubelet restarts a sidecar after 10, 20, 40 s: what it needs may come meanwhile.</summary>
    public static readonly TimeSpan Crash = TimeSpan.FromSeconds(120);

    /// <summary>The kubelet looks for the secret before the driver has created it, and again with growing
    /// pauses.</summary>
    public static readonly TimeSpan Secret = TimeSpan.FromSeconds(10);

    /// <summary>A kubelet that is restarted is missed for less, and nothing is lost yet.</summary>
    public static readonly TimeSpan NodeBeforeReady = TimeSpan.FromSeconds(60);

    /// <summary>A running build may well go on while its kubelet is away: after this it is asked whether it
    /// does.</summary>
    public static readonly TimeSpan NodeInUse = TimeSpan.FromSeconds(120);
}
