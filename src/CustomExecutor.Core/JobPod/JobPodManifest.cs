using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;
using k8s.Models;

namespace CustomExecutor.Core.JobPod;

/// <summary>A job's pod as a manifest.</summary>
public static class JobPodManifest
{
    /// <summary>buildkitd's arguments, but for those of the settings: no port, so nothing outside of the pod reaches
    /// it.</summary>
    private static readonly string[] BuildkitdArguments =
    [
        "--addr",
        $"unix://{JobPodPaths.Socket}",
        "--config",
        $"{PodManifest.SecretPath}/{SecretManifest.Toml}",
        PodFrame.NoProcessSandbox,
    ];

    /// <summary>The pod for a decision.</summary>
    public static V1Pod Create(JobPodSpec spec)
    {
        var pod = PodFrame.Create(spec.Builder);
        var volumes = new JobPodVolumes(spec);
        // The group gives all containers the builder's socket. Everything else is each container's own: only the
        // builder's lacks the runtime's seccomp profile.
        pod.Spec.SecurityContext = new V1PodSecurityContext { FsGroup = PodFrame.RootlessId };
        pod.Spec.Volumes = volumes.All;
        if (spec.Tools.From == ToolDelivery.Copy)
            pod.Spec.InitContainers = [JobContainers.Tools(spec, JobPodVolumes.OfTools)];
        // The node starts them in this order and pulls their images in it: the helper first, which fetches the sources
        // while the others are pulled. An init container with restartPolicy Always would make it wait for the builder's
        // image, and would restart a builder that has lost its state.
        pod.Spec.Containers =
        [
            JobContainers.Helper(spec, volumes.OfHelper),
            Buildkitd(spec.Builder),
            .. spec.Engine is null ? (V1Container[])[] : [JobContainers.Engine(spec.Engine, JobPodVolumes.OfEngine)],
            JobContainers.Build(spec, volumes.OfBuild),
            .. spec.Services.Select(service => JobContainers.Service(spec, service, volumes.OfService)),
        ];
        pod.Spec.HostAliases = PodFrame.OrNull<V1HostAlias>([
            .. spec.HostAliases.Select(alias => new V1HostAlias { Ip = alias.Ip, Hostnames = [.. alias.Hostnames] }),
        ]);
        pod.Spec.DnsPolicy = spec.Dns.Policy.ToString();
        pod.Spec.DnsConfig = Dns(spec.Dns);
        if (spec.PullCredentials is not null)
        {
            (pod.Spec.ImagePullSecrets ??= new List<V1LocalObjectReference>()).Add(
                new V1LocalObjectReference { Name = spec.Builder.Name }
            );
        }

        return pod;
    }

    private static V1Container Buildkitd(BuilderSpec spec)
    {
        var container = PodFrame.Buildkitd(spec, BuildkitdArguments);
        container.VolumeMounts.Add(JobPodVolumes.Job);
        var security = container.SecurityContext;
        (security.RunAsUser, security.RunAsGroup, security.RunAsNonRoot) = (
            PodFrame.RootlessId,
            PodFrame.RootlessId,
            true
        );
        // RuntimeDefault forbids unshare(CLONE_NEWUSER), with which rootlesskit begins.
        security.SeccompProfile = new V1SeccompProfile { Type = "Unconfined" };
        security.AppArmorProfile = spec.Server.HasAppArmorField ? new V1AppArmorProfile { Type = "Unconfined" } : null;
        return container;
    }

    private static V1PodDNSConfig? Dns(DnsSettings dns) =>
        dns is { Nameservers.Count: 0, Searches.Count: 0, Options.Count: 0 }
            ? null
            : new V1PodDNSConfig
            {
                Nameservers = PodFrame.OrNull<string>([.. dns.Nameservers]),
                Searches = PodFrame.OrNull<string>([.. dns.Searches]),
                Options = PodFrame.OrNull<V1PodDNSConfigOption>([
                    .. dns.Options.Select(option => new V1PodDNSConfigOption
                    {
                        Name = option.Key,
                        Value = option.Value.Length > 0 ? option.Value : null,
                    }),
                ]),
            };
}
