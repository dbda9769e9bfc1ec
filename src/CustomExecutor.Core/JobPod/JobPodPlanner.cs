using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>A job's pod, and what its author should know of it: sentences for the job log.</summary>
public sealed record JobPodPlan(JobPodSpec Spec, IReadOnlyList<string> Notices);

/// <summary>Decides the pod of one job: the author's image and services beside the builder.</summary>
public static class JobPodPlanner
{
    /// <summary>The whole decision.</summary>
    /// <param name="builder">The builder, from <see cref="BuilderPlanner"/>.</param>
    /// <param name="job">The job.</param>
    /// <param name="settings">The admin's choices.</param>
    /// <param name="authConfig">The job's <c>DOCKER_AUTH_CONFIG</c>, or null. Hostile text.</param>
    /// <exception cref="DriverException">The job asks for what this runner does not allow (its own failure; a sentence
    /// a line), or the cluster can't do what the settings say (the runner's).</exception>
    public static JobPodPlan Plan(BuilderSpec builder, JobContext job, DriverSettings settings, string? authConfig)
    {
        List<string> notices = [];
        List<string> mistakes = [];
        var variables = new VariableText(job.Variables);
        var build = Build(job, settings, variables, notices, mistakes);
        var engine = Engine(settings);
        var services = ServicePlan.Of(job, settings, variables, engine is not null, notices, mistakes);
        if (mistakes.Count > 0)
            throw new DriverException(string.Join('\n', mistakes), FailureKind.Build);

        var names = services.SelectMany(service => service.HostNames).Distinct().ToList();
        return new JobPodPlan(
            new JobPodSpec
            {
                Builder = builder with
                {
                    Labels = new Dictionary<string, string>(builder.Labels)
                    {
                        [BuilderLabels.RunIn] = BuilderLabels.RunInPod,
                    },
                },
                Helper = Helper(job, settings, builder),
                Engine = engine,
                Build = build,
                Services = services,
                Tools = Tools(settings.Tools, builder.Server),
                Volumes = JobVolume.Of(job, settings),
                VolumeSizeLimit = settings.Job.VolumeSizeLimit,
                HostAliases =
                [
                    // Containers of one pod share its addresses.
                    .. names.Count > 0
                        ? [new HostAliasSettings { Ip = "127.0.0.1", Hostnames = names }]
                        : (HostAliasSettings[])[],
                    .. settings.Job.HostAliases,
                ],
                Dns = settings.Job.Dns,
                PullCredentials = PullCredentials.Of(job.RegistryCredentials, authConfig),
            },
            notices
        );
    }

    /// <summary>Whether jobs have a Docker Engine API.</summary>
    /// <param name="settings">The admin's choices.</param>
    public static bool HasEngine(DriverSettings settings) =>
        settings is { Docker.EngineApi: not false, Engine.Image: not null };

    private static JobContainer Build(
        JobContext job,
        DriverSettings settings,
        VariableText variables,
        List<string> notices,
        List<string> mistakes
    )
    {
        var image = job.Image?.Name ?? settings.Job.Image;
        mistakes.AddRange(
            ImageDecision.Mistakes(image, "Image", "job.allowedImages", settings.Job.AllowedImages, settings.Job.Image)
        );
        return new JobContainer
        {
            Container = new PodContainer(
                JobContainer.BuildName,
                ContainerRole.Build,
                job.Image is null ? ImageOwner.Admin : ImageOwner.Author,
                image
            ),
            PullPolicy = PullPolicyDecision.Of(job.Image, settings.Job.PullPolicies, mistakes),
            Resources = settings.Job.Resources,
            Confinement = ContainerConfinement.Author(
                settings.Job.SecurityContext,
                UserDecision.Of(
                    job.Image,
                    new ContainerUser(settings.Job.RunAsUser, settings.Job.RunAsGroup),
                    settings.Job,
                    variables,
                    notices
                )
            ) with
            {
                ReadOnlyRoot = settings.Job.ReadOnlyRootFilesystem,
            },
        };
    }

    private static JobContainer Helper(JobContext job, DriverSettings settings, BuilderSpec builder) =>
        new()
        {
            Container = new PodContainer(
                JobContainer.HelperName,
                ContainerRole.Helper,
                ImageOwner.Admin,
                HelperImage.Of(settings.Helper.Image, job.Variables, NodeLabels.ArchitectureOf(builder))
            ),
            PullPolicy = settings.Helper.ImagePullPolicy,
            Resources = settings.Helper.Resources,
            Confinement = ContainerConfinement.Helper,
        };

    private static JobEngine? Engine(DriverSettings settings) =>
        HasEngine(settings)
            ? new JobEngine(
                new JobContainer
                {
                    Container = new PodContainer(
                        JobContainer.EngineName,
                        ContainerRole.Engine,
                        ImageOwner.Admin,
                        settings.Engine.Image!
                    ),
                    PullPolicy = settings.Engine.ImagePullPolicy,
                    Resources = settings.Engine.Resources,
                    Confinement = ContainerConfinement.Engine,
                },
                settings.Engine.StoreSizeLimit
            )
            : null;

    private static JobTools Tools(ToolSettings tools, ServerVersion server)
    {
        if (tools.From == ToolDelivery.Image && !server.KnowsImageVolumes)
        {
            throw new DriverException(
                $"tools.from \"image\" needs Kubernetes 1.31, and the API server has {server.Major}.{server.Minor}. "
                    + "Leave the setting out, or say \"copy\"."
            );
        }

        var from =
            tools.From != ToolDelivery.Auto ? tools.From
            : server.HasImageVolumes ? ToolDelivery.Image
            : ToolDelivery.Copy;
        return new JobTools(
            new PodContainer(JobContainer.ToolsName, ContainerRole.Tools, ImageOwner.Admin, tools.Image),
            tools.ImagePullPolicy,
            from
        );
    }
}
