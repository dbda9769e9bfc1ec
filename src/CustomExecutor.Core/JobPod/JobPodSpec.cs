using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>Everything that is decided about a job's pod before the cluster is asked.</summary>
public sealed record JobPodSpec
{
    /// <summary>The builder, with the pod's name, labels and life.</summary>
    public required BuilderSpec Builder { get; init; }

    public required JobContainer Helper { get; init; }

    /// <summary>The job's Docker Engine API; null for none.</summary>
    public required JobEngine? Engine { get; init; }

    public required JobContainer Build { get; init; }

    public required IReadOnlyList<JobService> Services { get; init; }

    public required JobTools Tools { get; init; }

    /// <summary>The admin's volumes, in helper, build and services.</summary>
    public required IReadOnlyList<JobVolume> Volumes { get; init; }

    /// <summary>The most that each volume on disk takes which scripts write to, a Kubernetes quantity.</summary>
    public required string VolumeSizeLimit { get; init; }

    /// <summary>Lines of <c>/etc/hosts</c>: the services' first, since the first line of a name counts.</summary>
    public required IReadOnlyList<HostAliasSettings> HostAliases { get; init; }

    public required DnsSettings Dns { get; init; }

    /// <summary>The logins with which the author's images are pulled; null for none.</summary>
    public required PullCredentials? PullCredentials { get; init; }

    /// <summary>What the later stages of the attempt must know of it.</summary>
    public PodRecord ToRecord() =>
        new()
        {
            Containers = Containers,
            Ports =
            [
                .. Services
                    .Where(service => service.HealthcheckPort is not null)
                    .Select(service => new ServicePort(
                        service.Container.Container.Image,
                        service.HealthcheckPort!.Value
                    )),
            ],
        };

    /// <summary>All containers in the order in which the node starts them.</summary>
    public IReadOnlyList<PodContainer> Containers =>
        [
            .. Tools is { From: ToolDelivery.Copy } ? [Tools.Container] : (PodContainer[])[],
            Helper.Container,
            new PodContainer(PodManifest.Container, ContainerRole.Buildkitd, ImageOwner.Admin, Builder.Settings.Image),
            .. Engine is null ? (PodContainer[])[] : [Engine.Container.Container],
            Build.Container,
            .. Services.Select(service => service.Container.Container),
        ];
}

/// <summary>A container with what its manifest says.</summary>
public sealed record JobContainer
{
    /// <summary>The container of the runner's own scripts.</summary>
    public const string HelperName = "helper";

    /// <summary>The container of the author's scripts.</summary>
    public const string BuildName = "build";

    /// <summary>The container of the Docker Engine API.</summary>
    public const string EngineName = "engine";

    /// <summary>The init container that copies the tools.</summary>
    public const string ToolsName = "tools";

    public required PodContainer Container { get; init; }

    public required ImagePullPolicy PullPolicy { get; init; }

    public required IResourceSettings Resources { get; init; }

    public required ContainerConfinement Confinement { get; init; }
}

/// <summary>How the docker command line comes into the job's container.</summary>
/// <param name="Container">Its image, and the container that copies it.</param>
/// <param name="PullPolicy">When the node pulls it.</param>
/// <param name="From">Either <c>Image</c> or <c>Copy</c>.</param>
public sealed record JobTools(PodContainer Container, ImagePullPolicy PullPolicy, ToolDelivery From);

/// <summary>The job's Docker Engine API.</summary>
/// <param name="Container">Its container.</param>
/// <param name="StoreSizeLimit">The size of its volume, a Kubernetes quantity.</param>
public sealed record JobEngine(JobContainer Container, string StoreSizeLimit);
