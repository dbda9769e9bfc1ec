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
    private static readonly string[] Variables = ["DOCKER_HOST", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];

    private static readonly string[] OwnHosts = ["docker", "localhost", "127.0.0.1"];

    /// <summary>
    /// A wrapper script <c>docker</c> for the front of the script's <c>PATH</c>. It unsets those variables if they mean
    /// Docker-in-Docker, then executes the real docker. It must check at each call: the runner's script exports the
    /// author's variables after the driver has created the environment.
    /// </summary>
    /// <param name="docker">The real program's path.</param>
    /// <param name="services">The job's services. Hostile text.</param>
    public static string Wrapper(string docker, IReadOnlyList<JobImage> services) =>
        Program(services, $"exec {Quoted(docker)} \"$@\"");

    /// <summary>The same in a job's pod, where it looks for the image's own docker each time it is called.</summary>
    /// <param name="tools">The path of the driver's docker.</param>
    /// <param name="programs">The directory of this program.</param>
    /// <param name="ownFirst">Whether the image's own docker is preferred.</param>
    /// <param name="services">The job's services. Hostile text.</param>
    public static string WrapperInPod(string tools, string programs, bool ownFirst, IReadOnlyList<JobImage> services) =>
        Program(
            services,
            (
                ownFirst
                    ? $"""
                    IFS=:
                    for directory in $PATH; do
                        [ "$directory" = {Quoted(
                        programs
                    )} ] || [ ! -x "$directory/docker" ] || exec "$directory/docker" "$@"
                    done

                    """
                    : ""
            ) + $"exec {Quoted(tools)} \"$@\""
        );

    private static string Quoted(string path) => $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Program(IReadOnlyList<JobImage> services, string exec) =>
        $"""
            #!/bin/sh
            # custom-executor put this here: the job's BuildKit needs no Docker daemon,
            # so the address of one in a service is not used.
            case "$DOCKER_HOST" in
            {string.Join(" | ", Hosts(services).Select(host => $"tcp://{host} | tcp://{host}:*"))}) unset {string.Join(
                ' ',
                Variables
            )} ;;
            '') [ -e "$DOCKER_CERT_PATH/ca.pem" ] || unset {string.Join(' ', Variables)} ;;
            esac
            {exec}

            """;

    /// <summary>A line for the author; null if the job has no such variables.</summary>
    /// <param name="variable">Reads a job variable; null if it is not set. Hostile text.</param>
    /// <param name="services">The job's services. Hostile text.</param>
    public static string? Notice(Func<string, string?> variable, IReadOnlyList<JobImage> services)
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
                + " docker build and docker buildx build use the job's own BuildKit. There is no Docker daemon here;"
                + " push with docker buildx build --push instead of docker push.";
    }

    /// <summary>Whether a service is the Docker daemon of a Docker-in-Docker recipe.</summary>
    public static bool IsDaemon(JobImage service) => DaemonImage().IsMatch(service.Name ?? "");

    /// <summary>
    /// The host names of such a daemon: GitLab's defaults and, if the job has such a service, its aliases and localhost
    /// (as on Kubernetes).
    /// </summary>
    private static IEnumerable<string> Hosts(IReadOnlyList<JobImage> services)
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
