using CustomExecutor.Core.Settings;
using k8s.Models;

namespace CustomExecutor.Core.Builder;

/// <summary>What every pod with a builder has, wherever the job's script runs.</summary>
internal static class PodFrame
{
    /// <summary>The user and group of the rootless image.</summary>
    public const long RootlessId = 1000;

    /// <summary>A container's /proc is masked: without this no RUN step could mount its own.</summary>
    public const string NoProcessSandbox = "--oci-worker-no-process-sandbox";

    private const string ConfigVolume = "config";

    /// <summary>A pod without containers, volumes and security context.</summary>
    public static V1Pod Create(BuilderSpec spec) =>
        new()
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta
            {
                Name = spec.Name,
                NamespaceProperty = spec.Namespace,
                Labels = new Dictionary<string, string>(spec.Labels),
                Annotations = Annotations(spec),
                OwnerReferences = spec.Owner is { } owner ? [OwnerReference(owner.Name, owner.Uid)] : null,
            },
            Spec = new V1PodSpec
            {
                // A builder that was restarted has lost its state and its job with it.
                RestartPolicy = "Never",
                // Kubernetes refuses what lies outside.
                ActiveDeadlineSeconds = Math.Clamp((long)spec.Lifetime.TotalSeconds, 1, int.MaxValue),
                TerminationGracePeriodSeconds = 5,
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                ImagePullSecrets = OrNull<V1LocalObjectReference>([
                    .. spec.Settings.ImagePullSecrets.Select(s => new V1LocalObjectReference { Name = s }),
                ]),
                NodeSelector = NodeLabels.For(spec),
                Tolerations = OrNull<V1Toleration>([.. spec.Settings.Tolerations.Select(Toleration)]),
            },
        };

    /// <summary>The builder's container, with its configuration and state.</summary>
    /// <param name="spec">The builder.</param>
    /// <param name="arguments">buildkitd's arguments, but for those of the settings.</param>
    public static V1Container Buildkitd(BuilderSpec spec, IReadOnlyList<string> arguments) =>
        new()
        {
            Name = PodManifest.Container,
            Image = spec.Settings.Image,
            ImagePullPolicy = spec.Settings.ImagePullPolicy.ToString(),
            Args = [.. arguments, .. spec.Settings.BuildkitdFlags],
            // So the pod itself tells buildkitd's last words, to a driver without the right to read logs as well.
            TerminationMessagePolicy = "FallbackToLogsOnError",
            Resources = Resources(spec.Settings.Resources),
            SecurityContext = new V1SecurityContext
            {
                // newuidmap and newgidmap raise their capabilities at exec, which no_new_privs would forbid; they need
                // these two and no others.
                AllowPrivilegeEscalation = true,
                Capabilities = new V1Capabilities { Drop = ["ALL"], Add = ["SETUID", "SETGID"] },
            },
            VolumeMounts =
            [
                ConfigMount,
                new V1VolumeMount { Name = DiskVolumes.State, MountPath = PodManifest.StatePath },
            ],
        };

    /// <summary>The builder's configuration in a container.</summary>
    public static V1VolumeMount ConfigMount =>
        new()
        {
            Name = ConfigVolume,
            MountPath = PodManifest.SecretPath,
            ReadOnlyProperty = true,
        };

    /// <summary>The secret as a volume. 0440: the pod's group reads it (fsGroup), nobody else.</summary>
    public static V1Volume Config(BuilderSpec spec) =>
        new()
        {
            Name = ConfigVolume,
            Secret = new V1SecretVolumeSource { SecretName = spec.Name, DefaultMode = 0b100_100_000 },
        };

    /// <summary>The builder's layers and cache.</summary>
    public static V1Volume State(BuilderSpec spec) =>
        new()
        {
            Name = DiskVolumes.State,
            EmptyDir = new V1EmptyDirVolumeSource { SizeLimit = new ResourceQuantity(spec.Settings.StateSizeLimit) },
        };

    /// <summary>Requests and limits of a container.</summary>
    public static V1ResourceRequirements Resources(IResourceSettings settings) =>
        new() { Requests = Quantities(settings.Requests), Limits = Quantities(settings.Limits) };

    /// <summary>The pod that owns an object.</summary>
    public static V1OwnerReference OwnerReference(string pod, string uid) =>
        new()
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Name = pod,
            Uid = uid,
        };

    /// <summary>The list, or null where a manifest has no such field.</summary>
    public static List<T>? OrNull<T>(List<T> list) => list.Count > 0 ? list : null;

    private static Dictionary<string, string> Annotations(BuilderSpec spec)
    {
        var annotations = new Dictionary<string, string>(spec.Annotations);
        if (!spec.Server.HasAppArmorField)
            annotations[BuilderLabels.AppArmorPrefix + PodManifest.Container] = "unconfined";
        return annotations;
    }

    private static V1Toleration Toleration(TolerationSettings toleration) =>
        new()
        {
            Key = toleration.Key,
            OperatorProperty = toleration.Operator.ToString(),
            Value = toleration.Value,
            Effect = toleration.Effect?.ToString(),
            TolerationSeconds = toleration.TolerationSeconds,
        };

    private static Dictionary<string, ResourceQuantity>? Quantities(IReadOnlyDictionary<string, string> quantities) =>
        quantities.Count > 0 ? quantities.ToDictionary(q => q.Key, q => new ResourceQuantity(q.Value)) : null;
}
