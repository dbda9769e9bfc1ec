using System.Globalization;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>Decides a job's services.</summary>
internal static class ServicePlan
{
    /// <summary>A container's name begins with it.</summary>
    public const string NamePrefix = "svc-";

    private const string HealthcheckPort = "HEALTHCHECK_TCP_PORT";

    /// <summary>The services that are started.</summary>
    /// <param name="job">The job.</param>
    /// <param name="settings">The admin's choices.</param>
    /// <param name="variables">The job's variables.</param>
    /// <param name="hasEngine">Whether the job has a Docker Engine API.</param>
    /// <param name="notices">Takes what the author should know.</param>
    /// <param name="mistakes">Takes what fails the job.</param>
    public static IReadOnlyList<JobService> Of(
        JobContext job,
        DriverSettings settings,
        VariableText variables,
        bool hasEngine,
        List<string> notices,
        List<string> mistakes
    )
    {
        foreach (var daemon in job.Services.Where(DockerInDocker.IsDaemon))
            notices.Add(NotStarted(daemon, hasEngine));
        var started = Started(job.Services);
        if (started.Count > settings.Services.Limit)
        {
            mistakes.Add(
                $"The job has {started.Count} services, and this runner allows {settings.Services.Limit} "
                    + "(services.limit in the runner's settings). Remove some."
            );
            return [];
        }

        mistakes.AddRange(
            started.SelectMany(start =>
                ImageDecision.Mistakes(
                    start.Service.Name!,
                    "Service",
                    "job.allowedServices",
                    settings.Job.AllowedServices
                )
            )
        );

        return
        [
            .. started.Select(start => Service(start.Service, start.Container, settings, variables, notices, mistakes)),
        ];
    }

    /// <summary>The services that are started, each with its container's name.</summary>
    /// <param name="services">The job's.</param>
    public static IReadOnlyList<(string Container, JobImage Service)> Started(IEnumerable<JobImage> services) =>
        [
            .. services
                .Where(service => !DockerInDocker.IsDaemon(service))
                .Select((service, i) => (string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{i}"), service)),
        ];

    private static JobService Service(
        JobImage service,
        string container,
        DriverSettings settings,
        VariableText variables,
        List<string> notices,
        List<string> mistakes
    ) =>
        new()
        {
            Container = new JobContainer
            {
                Container = new PodContainer(container, ContainerRole.Service, ImageOwner.Author, service.Name!),
                PullPolicy = PullPolicyDecision.Of(service, settings.Job.PullPolicies, mistakes),
                Resources = settings.Services.Resources,
                Confinement = ContainerConfinement.Author(
                    settings.Job.SecurityContext,
                    UserDecision.Of(service, default, settings.Job, variables, notices)
                ),
            },
            Entrypoint = Words(service.Entrypoint),
            Command = Words(service.Command),
            Variables = ServiceVariables.Of(service, variables),
            HostNames = ServiceNames.Of(service, notices),
            HealthcheckPort = Port(service, variables, notices),
        };

    private static List<string>? Words(IReadOnlyList<string?>? words) =>
        words?.OfType<string>().ToList() is { Count: > 0 } list ? list : null;

    /// <summary>Only a service's own variable counts, as with the Kubernetes executor
    /// (<c>waitForServices</c>).</summary>
    private static int? Port(JobImage service, VariableText variables, List<string> notices)
    {
        var text = (service.Variables ?? []).LastOrDefault(v => v?.Key == HealthcheckPort)?.Value;
        if (string.IsNullOrEmpty(text))
            return null;
        var written = variables.Expand(text, out var hasSecret);
        if (
            int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
        )
        {
            return port;
        }

        notices.Add(
            $"{HealthcheckPort}{(hasSecret ? "" : $" \"{DisplayText.Of(written, 40)}\"")} of service "
                + $"{DisplayText.Of(service.Name!, 100)} is not a port (1 to 65535): the job does not wait for it."
        );
        return null;
    }

    private static string NotStarted(JobImage daemon, bool hasEngine) =>
        $"Service {DisplayText.Of(daemon.Name!, 100)} is not started: {DockerInDocker.Instead(hasEngine)}";
}
