namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// The directories that programs need, in the layouts of common distributions. All others are closed to scripts.
/// </summary>
public static class HostDirectories
{
    /// <summary>
    /// Programs, libraries and their configuration. Read-only: otherwise a job could change what the next job executes.
    /// </summary>
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
        // SUSE's certificates, package databases, Debian's Ruby gems, the font cache.
        "/var/lib/ca-certificates",
        "/var/lib/dpkg",
        "/var/lib/rpm",
        "/var/lib/gems",
        "/var/cache/fontconfig",
        // The targets of /etc/resolv.conf and of name lookups.
        "/run/systemd/resolve",
        "/run/resolvconf",
        "/run/NetworkManager/resolv.conf",
        "/run/netconfig",
        "/run/nscd",
        "/var/run/nscd",
        // Read-only: by writing here, a script could make the kernel kill another job's processes of the same user
        // (oom_score_adj, cgroup.kill).
        "/proc",
        "/sys",
    ];

    /// <summary>Devices. File permissions decide which ones a user can open.</summary>
    public const string Devices = "/dev";

    /// <summary>World-writable directories. All jobs share them.</summary>
    public static readonly IReadOnlyList<string> Temporary = ["/tmp", "/var/tmp", "/dev/shm"];

    /// <summary>
    /// The runner's own files, where its packages install them, and the token that Kubernetes mounts into a runner's
    /// pod.
    /// </summary>
    public static readonly IReadOnlyList<string> OfRunner =
    [
        "/etc/gitlab-runner",
        "/etc/custom-executor",
        "/run/secrets",
        "/var/run/secrets",
    ];
}
