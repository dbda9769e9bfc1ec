namespace CustomExecutor.Core.Sandbox;

/// <summary>Which of a host's directories programs need to run at all, in the layouts of the usual distributions. All
/// others are closed to scripts.</summary>
public static class HostDirectories
{
    /// <summary>Programs, libraries and their configuration. Read only: what a job could change here, the next one
    /// would execute.</summary>
    public static readonly IReadOnlyList<string> System =
    [
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/libx32",
        "/usr",
        "/etc",
        "/opt",
        "/nix",
        "/gnu",
        "/snap",
        "/run/current-system",
        "/run/opengl-driver",
        // Certificates of SUSE, what is installed, Debian's Ruby gems, fonts' index.
        "/var/lib/ca-certificates",
        "/var/lib/dpkg",
        "/var/lib/rpm",
        "/var/lib/gems",
        "/var/cache/fontconfig",
        // What /etc/resolv.conf and name lookups lead to.
        "/run/systemd/resolve",
        "/run/resolvconf",
        "/run/NetworkManager/resolv.conf",
        "/run/netconfig",
        "/run/nscd",
        "/var/run/nscd",
        // Read only: with the same user's other files here a script could have another job's processes killed
        // (oom_score_adj, cgroup.kill).
        "/proc",
        "/sys",
    ];

    /// <summary>Devices; which of them a user may open, their permissions say.</summary>
    public const string Devices = "/dev";

    /// <summary>Where everybody may write. All jobs share them.</summary>
    public static readonly IReadOnlyList<string> Temporary = ["/tmp", "/var/tmp", "/dev/shm"];

    /// <summary>The runner's own files where its packages put them, and the token that Kubernetes gives to a runner's
    /// pod.</summary>
    public static readonly IReadOnlyList<string> OfRunner =
    [
        "/etc/gitlab-runner",
        "/etc/custom-executor",
        "/run/secrets",
        "/var/run/secrets",
    ];
}
