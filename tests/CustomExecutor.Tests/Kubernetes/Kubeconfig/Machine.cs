using System.Diagnostics;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>Host names and a service account that only one process sees: files are mounted over the machine's in a
/// mount namespace of its own.</summary>
internal static class Machine
{
    private const string Mounts = """
        set -e
        mount --bind "$1/hosts" /etc/hosts
        if [ -d "$1/serviceaccount" ]; then
          cp -r "$1/serviceaccount" "$1/mounted"
          mount -t tmpfs tmpfs /run
          mkdir -p /run/secrets/kubernetes.io
          cp -r "$1/mounted" /run/secrets/kubernetes.io/serviceaccount
          rm -r "$1/mounted"
        fi
        shift
        exec "$@"
        """;

    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    /// <summary>The command line that starts another one as the row wants it.</summary>
    public static (string Program, string[] Arguments) Wrap(Lab lab, Row row, string[] line)
    {
        if (row is { Hosts.Count: 0, IsInPod: false })
            return (line[0], line[1..]);
        if (Obstacle.Value is { } obstacle)
            Assert.Skip($"This machine can't mount files in a namespace: {obstacle}");
        return ("unshare", [.. Options, "sh", "-c", Mounts, "sh", lab.Directory, .. line]);
    }

    private static string[] Options => Environment.UserName == "root" ? ["--mount"] : ["--mount", "--map-root-user"];

    private static string? FindObstacle()
    {
        using var trial = Process.Start(
            new ProcessStartInfo("unshare", [.. Options, "mount", "-t", "tmpfs", "tmpfs", "/run"])
            {
                RedirectStandardError = true,
            }
        )!;
        var error = trial.StandardError.ReadToEnd();
        trial.WaitForExit();
        return trial.ExitCode == 0 ? null : error.Trim();
    }
}
