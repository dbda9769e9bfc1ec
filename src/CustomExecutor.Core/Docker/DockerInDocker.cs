using System.Text.RegularExpressions;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Docker;

/// <summary>
/// Handles the variables that GitLab's Docker-in-Docker recipes set in a job to point docker at a daemon in a service.
/// This executor has no such daemon, and docker fails before it uses the job's builder if the daemon's certificates are
/// missing.
/// </summary>
public static partial class DockerInDocker
{
    /// <summary>The variables that select docker's daemon.</summary>
    internal static readonly string[] Variables =
    [
        "DOCKER_HOST",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "DOCKER_CERT_PATH",
    ];

    private static readonly string[] OwnHosts = ["docker", "localhost", "127.0.0.1"];

    /// <summary>A line for the author; null if the job has no such variables.</summary>
    /// <param name="variable">Reads a job variable; null if it is not set. Hostile text.</param>
    /// <param name="services">The job's services. Hostile text.</param>
    /// <param name="hasEngine">Whether the job has a Docker Engine API for images.</param>
    public static string? Notice(Func<string, string?> variable, IReadOnlyList<JobImage> services, bool hasEngine)
    {
        var host = variable("DOCKER_HOST");
        if (
            !string.IsNullOrEmpty(host)
            && !Hosts(services)
                .Any(name => host == $"tcp://{name}" || host.StartsWith($"tcp://{name}:", StringComparison.Ordinal))
        )
        {
            return null;
        }

        var set = Variables.Where(name => !string.IsNullOrEmpty(variable(name))).ToList();
        return set.Count == 0
            ? null
            : $"{string.Join(", ", set)} {(set.Count == 1 ? "is" : "are")} for Docker-in-Docker and "
                + $"{(set.Count == 1 ? "is" : "are")} ignored:"
                + $" {Instead(hasEngine)}";
    }

    /// <summary>What works in place of such a daemon: sentences for the author.</summary>
    /// <param name="hasEngine">Whether the job has a Docker Engine API for images.</param>
    public static string Instead(bool hasEngine) =>
        "docker build and docker buildx build use the job's own BuildKit, which needs no Docker daemon. "
        + (
            hasEngine
                ? "docker push, pull, tag and other commands for images work too. "
                : "Push with docker buildx build --push instead of docker push. "
        )
        + "docker run and docker compose up do not work here; run such containers as services of the job.";

    /// <summary>Whether a service is the Docker daemon of a Docker-in-Docker recipe.</summary>
    public static bool IsDaemon(JobImage service) => DaemonImage().IsMatch(service.Name ?? "");

    /// <summary>
    /// The host names of such a daemon: GitLab's defaults and, if the job has such a service, its aliases and localhost
    /// (as on Kubernetes).
    /// </summary>
    internal static IEnumerable<string> Hosts(IReadOnlyList<JobImage> services)
    {
        var daemons = services.Where(IsDaemon).ToList();
        return daemons.Count == 0
            ? ["docker"]
            :
            [
                .. OwnHosts
                    .Concat(
                        daemons.SelectMany(d =>
                            (d.Alias ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
                        )
                    )
                    .Where(name => HostName().IsMatch(name))
                    .Distinct(),
            ];
    }

    /// <summary><c>docker:dind</c>, <c>docker:27-dind-rootless</c>,
    /// <c>registry.example.com/mirror/docker:24.0-dind</c>.</summary>
    [GeneratedRegex(@"(^|/)(docker:[^/@]*dind|[^/:]*dind[^/]*)[^/]*\z")]
    private static partial Regex DaemonImage();

    /// <summary>Has no characters that are special in a shell.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]{0,252}\z")]
    private static partial Regex HostName();
}
