using System.Globalization;
using CustomExecutor.Core.Attempt;

namespace CustomExecutor.Core.JobPod;

/// <summary>The driver's script in the helper before the author's first one: it waits for the builder's socket, then
/// for the services that name a port.</summary>
public static class JobPodWait
{
    /// <summary>As the Kubernetes executor (<c>wait_for_services_timeout</c>).</summary>
    private const int SecondsForServices = 30;

    /// <summary>It listens some 50 ms after its container's start. Few jobs need it, and docker says itself that
    /// nobody listens.</summary>
    private const string TriesForEngine = "100";

    /// <summary>What the script waits for, as it follows "it waited".</summary>
    public static string Description(IReadOnlyList<ServicePort> ports) =>
        $"for BuildKit's socket {JobPodPaths.Socket}" + (ports.Count > 0 ? " and the services' ports" : "");

    /// <summary>Another script, which ends the wait for services: their containers have ended, and no connection will
    /// ever be taken.</summary>
    public static string Ended(IEnumerable<ServicePort> services) =>
        $": {string.Concat(services.Select(service => $"> {MarkOf(service)} "))}\n";

    // The author's containers do not see this directory of the helper's.
    private static string MarkOf(ServicePort service) => $"{JobPodPaths.Scripts}/ended-{service.Container}";

    /// <summary>The script, POSIX shell. It prints a line for each service that takes no connection, and ends well
    /// all the same: such a service may be one that the job needs later.</summary>
    /// <param name="ports">The services that are waited for.</param>
    /// <param name="hasEngine">Whether the job has a Docker Engine API.</param>
    public static string Script(IReadOnlyList<ServicePort> ports, bool hasEngine)
    {
        var lines = new List<string>
        {
            "pause() { sleep 0.05 2>/dev/null || sleep 1; }",
            $"until [ -S {JobPodPaths.Socket} ]; do pause; done",
        };
        if (hasEngine)
        {
            lines.Add(
                $"i=0; until [ -S {JobPodPaths.EngineSocket} ] || [ $i -ge {TriesForEngine} ]; "
                    + "do pause; i=$((i + 1)); done"
            );
        }

        if (ports.Count > 0)
        {
            lines.Add("end=$(($(date +%s) + " + SecondsForServices.ToString(CultureInfo.InvariantCulture) + "))");
            // nc of busybox and of netcat; bash's own sockets where there is no nc.
            lines.Add(
                "reach() { nc -z -w 1 127.0.0.1 \"$1\" 2>/dev/null || "
                    + "bash -c \"exec 3<>/dev/tcp/127.0.0.1/$1\" 2>/dev/null; }"
            );
        }

        foreach (var service in ports)
        {
            var number = service.Port.ToString(CultureInfo.InvariantCulture);
            lines.Add(
                $"until [ -e {MarkOf(service)} ] || reach {number}; do [ $(date +%s) -lt $end ] || {{ printf '%s\\n' "
                    + ShellWord.OnOneLine(
                        $"Warning: service {DisplayText.Of(service.Image, 100)} takes no connection on port {number} "
                            + $"after {SecondsForServices} s. "
                            + "The job goes on without waiting for it."
                    )
                    + "; break; }; pause; done"
            );
        }

        return "n='\n'\n" + string.Join('\n', lines) + "\n";
    }
}
