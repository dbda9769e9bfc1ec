using System.Globalization;
using CustomExecutor.Core.Builder;
using k8s.Models;

namespace CustomExecutor.Core.JobPod;

/// <summary>The containers of a job's pod beside the builder's.</summary>
internal static class JobContainers
{
    /// <summary>
    /// Waits until the pod ends: scripts come later, by exec. As the first process it ends on SIGTERM only if it says
    /// so; a script that kills every sleep does not end it, and without such a program it ends instead of trying for
    /// ever.
    /// </summary>
    private const string Wait =
        "trap 'exit 0' TERM; while :; do sleep 3600 & wait $! || [ $? -ne 127 ] || exit 127; done";

    /// <summary>The runner's own scripts run in it.</summary>
    public static V1Container Helper(JobPodSpec spec, IList<V1VolumeMount> mounts) =>
        Waiting(spec.Helper, mounts, Git());

    /// <summary>The author's scripts run in it.</summary>
    public static V1Container Build(JobPodSpec spec, IList<V1VolumeMount> mounts) =>
        Waiting(
            spec.Build,
            mounts,
            [
                Variable("BUILDX_BUILDER", spec.Builder.Name),
                Variable("BUILDX_CONFIG", JobPodPaths.BuildxConfig),
                Variable("DOCKER_CONFIG", JobPodPaths.DockerConfig),
                .. spec.Engine is null
                    ? (V1EnvVar[])[]
                    : [Variable("DOCKER_HOST", $"unix://{JobPodPaths.EngineSocket}")],
                .. Git(),
            ]
        );

    /// <summary>
    /// The Docker Engine API. It ends commands that its volume has no room for, before the node evicts the pod: a
    /// sixteenth of the volume is spare.
    /// </summary>
    public static V1Container Engine(JobEngine engine, IList<V1VolumeMount> mounts)
    {
        var manifest = Container(engine.Container, mounts);
        var bytes = new ResourceQuantity(engine.StoreSizeLimit).ToDecimal();
        manifest.Command =
        [
            "custom-executor-engine-api",
            "--socket",
            JobPodPaths.EngineSocket,
            // The author's image may run as any user, all of whom are in the volume's group.
            "--socket-mode",
            "660",
            "--store",
            JobPodPaths.EngineStore,
            "--max-store-bytes",
            ((long)(bytes / 16 * 15)).ToString(CultureInfo.InvariantCulture),
            "--buildkitd-config",
            $"{PodManifest.SecretPath}/{SecretManifest.Toml}",
        ];
        return manifest;
    }

    /// <summary>Copies the two programs to where the image's volume would have them.</summary>
    public static V1Container Tools(JobPodSpec spec, IList<V1VolumeMount> mounts) =>
        new()
        {
            Name = spec.Tools.Container.Name,
            Image = spec.Tools.Container.Image,
            ImagePullPolicy = spec.Tools.PullPolicy.ToString(),
            Command =
            [
                "sh",
                "-ec",
                $"mkdir -p {Directory(JobPodPaths.Docker)} {JobPodPaths.DockerPlugins}; "
                    + $"cp {JobPodPaths.DockerInTools} {JobPodPaths.Docker}; "
                    + $"cp {JobPodPaths.PluginsInTools}/docker-buildx {JobPodPaths.DockerPlugins}",
            ],
            TerminationMessagePolicy = "FallbackToLogsOnError",
            Resources = PodFrame.Resources(spec.Helper.Resources),
            SecurityContext = Security(ContainerConfinement.Tools),
            VolumeMounts = mounts,
        };

    /// <summary>A service of the author's.</summary>
    public static V1Container Service(JobPodSpec spec, JobService service, IList<V1VolumeMount> mounts)
    {
        var container = Container(service.Container, mounts);
        container.Command = service.Entrypoint?.Select(Literal).ToList();
        container.Args = service.Command?.Select(Literal).ToList();
        container.Env = PodFrame.OrNull<V1EnvVar>([
            .. service.Variables.Select(variable =>
                variable.IsSecret
                    ? new V1EnvVar
                    {
                        Name = variable.Name,
                        ValueFrom = new V1EnvVarSource
                        {
                            SecretKeyRef = new V1SecretKeySelector
                            {
                                Name = spec.Builder.Name,
                                Key = variable.KeyFor(container.Name),
                            },
                        },
                    }
                    : Variable(variable.Name, Literal(variable.Value))
            ),
        ]);
        return container;
    }

    private static V1Container Waiting(JobContainer container, IList<V1VolumeMount> mounts, IList<V1EnvVar> variables)
    {
        var manifest = Container(container, mounts);
        // Instead of the image's entry point, as with the Kubernetes executor.
        manifest.Command = ["sh", "-c", Wait];
        manifest.Env = variables;
        return manifest;
    }

    private static V1Container Container(JobContainer container, IList<V1VolumeMount> mounts) =>
        new()
        {
            Name = container.Container.Name,
            Image = container.Container.Image,
            ImagePullPolicy = container.PullPolicy.ToString(),
            // The last lines of one that died, to a driver without the right to read logs as well.
            TerminationMessagePolicy = "FallbackToLogsOnError",
            Resources = PodFrame.Resources(container.Resources),
            SecurityContext = Security(container.Confinement),
            VolumeMounts = mounts,
        };

    private static V1SecurityContext Security(ContainerConfinement confinement) =>
        new()
        {
            AllowPrivilegeEscalation = false,
            Capabilities = new V1Capabilities
            {
                Drop = [.. confinement.DropCapabilities],
                Add = PodFrame.OrNull<string>([.. confinement.AddCapabilities]),
            },
            RunAsUser = confinement.User,
            RunAsGroup = confinement.Group,
            RunAsNonRoot = confinement.NonRoot ? true : null,
            ReadOnlyRootFilesystem = confinement.ReadOnlyRoot ? true : null,
            SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
        };

    /// <summary>The checkout belongs to the helper's user; git in the other container would refuse it.</summary>
    private static List<V1EnvVar> Git() =>
        [
            Variable("GIT_CONFIG_COUNT", "1"),
            Variable("GIT_CONFIG_KEY_0", "safe.directory"),
            Variable("GIT_CONFIG_VALUE_0", "*"),
        ];

    private static V1EnvVar Variable(string name, string value) => new() { Name = name, Value = value };

    /// <summary>Kubernetes replaces $(NAME) in commands and variables, and $$ by $.</summary>
    private static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private static string Directory(string file) => file[..file.LastIndexOf('/')];
}
