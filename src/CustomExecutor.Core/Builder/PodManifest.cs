using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Settings;
using k8s.Models;

namespace CustomExecutor.Core.Builder;

/// <summary>A builder as a pod.</summary>
public static class PodManifest
{
    /// <summary>The one container's name.</summary>
    public const string Container = "buildkitd";

    /// <summary>Where the secret is mounted.</summary>
    internal const string SecretPath = "/etc/buildkit";

    /// <summary>Where the rootless image keeps its state; it must be a volume, for overlayfs does not stack on the
    /// image's own.</summary>
    internal const string StatePath = "/home/user/.local/share/buildkit";

    /// <summary>buildkitd's arguments, but for those of the settings.</summary>
    internal static IReadOnlyList<string> Arguments { get; } =
    [
        // The socket is for people: kubectl exec ... buildctl du
        "--addr",
        "unix:///run/user/1000/buildkit/buildkitd.sock",
        "--addr",
        $"tcp://0.0.0.0:{BuilderSpec.Port}",
        "--tlscacert",
        $"{SecretPath}/{SecretManifest.Ca}",
        "--tlscert",
        $"{SecretPath}/{SecretManifest.Certificate}",
        "--tlskey",
        $"{SecretPath}/{SecretManifest.Key}",
        "--config",
        $"{SecretPath}/{SecretManifest.Toml}",
        // A container's /proc is masked: without this no RUN step could mount its own.
        "--oci-worker-no-process-sandbox",
    ];

    /// <summary>The pod for a decision.</summary>
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
                OwnerReferences = spec.Owner is { } owner
                    ?
                    [
                        new V1OwnerReference
                        {
                            ApiVersion = "v1",
                            Kind = "Pod",
                            Name = owner.Name,
                            Uid = owner.Uid,
                        },
                    ]
                    : null,
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
                SecurityContext = PodSecurity(spec.Server),
                Containers = [Builder(spec)],
                Volumes =
                [
                    // 0440: the pod's group reads it (fsGroup), nobody else.
                    new V1Volume
                    {
                        Name = "config",
                        Secret = new V1SecretVolumeSource { SecretName = spec.Name, DefaultMode = 0b100_100_000 },
                    },
                    new V1Volume
                    {
                        Name = "state",
                        EmptyDir = new V1EmptyDirVolumeSource
                        {
                            SizeLimit = new ResourceQuantity(spec.Settings.StateSizeLimit),
                        },
                    },
                ],
                ImagePullSecrets = OrNull<V1LocalObjectReference>([
                    .. spec.Settings.ImagePullSecrets.Select(s => new V1LocalObjectReference { Name = s }),
                ]),
                NodeSelector = NodeLabels.For(spec),
                Tolerations = OrNull<V1Toleration>([.. spec.Settings.Tolerations.Select(Toleration)]),
            },
        };

    private static V1Container Builder(BuilderSpec spec) =>
        new()
        {
            Name = Container,
            Image = spec.Settings.Image,
            ImagePullPolicy = spec.Settings.ImagePullPolicy.ToString(),
            Args = [.. Arguments, .. spec.Settings.BuildkitdFlags],
            // So the pod itself tells buildkitd's last words, to a driver without the right to read logs as well.
            TerminationMessagePolicy = "FallbackToLogsOnError",
            Ports = [new V1ContainerPort { ContainerPort = BuilderSpec.Port, Name = "buildkitd" }],
            Resources = new V1ResourceRequirements
            {
                Requests = Quantities(spec.Settings.Resources.Requests),
                Limits = Quantities(spec.Settings.Resources.Limits),
            },
            SecurityContext = new V1SecurityContext
            {
                // newuidmap and newgidmap raise their capabilities at exec, which no_new_privs would forbid; they need
                // these two and no others.
                AllowPrivilegeEscalation = true,
                Capabilities = new V1Capabilities { Drop = ["ALL"], Add = ["SETUID", "SETGID"] },
            },
            VolumeMounts =
            [
                new V1VolumeMount
                {
                    Name = "config",
                    MountPath = SecretPath,
                    ReadOnlyProperty = true,
                },
                new V1VolumeMount { Name = "state", MountPath = StatePath },
            ],
        };

    private static V1PodSecurityContext PodSecurity(ServerVersion server) =>
        new()
        {
            RunAsUser = 1000,
            RunAsGroup = 1000,
            RunAsNonRoot = true,
            FsGroup = 1000,
            // RuntimeDefault forbids unshare(CLONE_NEWUSER), with which rootlesskit begins.
            SeccompProfile = new V1SeccompProfile { Type = "Unconfined" },
            AppArmorProfile = server.HasAppArmorField ? new V1AppArmorProfile { Type = "Unconfined" } : null,
        };

    private static Dictionary<string, string> Annotations(BuilderSpec spec)
    {
        var annotations = new Dictionary<string, string>(spec.Annotations);
        if (!spec.Server.HasAppArmorField)
            annotations[BuilderLabels.AppArmorPrefix + Container] = "unconfined";
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

    private static List<T>? OrNull<T>(List<T> list) => list.Count > 0 ? list : null;
}
