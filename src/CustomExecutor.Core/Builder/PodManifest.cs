using CustomExecutor.Core.Kubernetes;
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
        PodFrame.NoProcessSandbox,
    ];

    /// <summary>The pod for a decision.</summary>
    public static V1Pod Create(BuilderSpec spec)
    {
        var pod = PodFrame.Create(spec);
        pod.Spec.SecurityContext = PodSecurity(spec.Server);
        pod.Spec.Containers = [Builder(spec)];
        pod.Spec.Volumes = [PodFrame.Config(spec), PodFrame.State(spec)];
        return pod;
    }

    private static V1Container Builder(BuilderSpec spec)
    {
        var container = PodFrame.Buildkitd(spec, Arguments);
        container.Ports = [new V1ContainerPort { ContainerPort = BuilderSpec.Port, Name = "buildkitd" }];
        return container;
    }

    private static V1PodSecurityContext PodSecurity(ServerVersion server) =>
        new()
        {
            RunAsUser = PodFrame.RootlessId,
            RunAsGroup = PodFrame.RootlessId,
            RunAsNonRoot = true,
            FsGroup = PodFrame.RootlessId,
            // RuntimeDefault forbids unshare(CLONE_NEWUSER), with which rootlesskit begins.
            SeccompProfile = new V1SeccompProfile { Type = "Unconfined" },
            AppArmorProfile = server.HasAppArmorField ? new V1AppArmorProfile { Type = "Unconfined" } : null,
        };
}
