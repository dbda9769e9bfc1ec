namespace CustomExecutor.Host.Sandbox;

/// <summary>Sockets by which whoever may write them has processes started that are not confined. Landlock hides sockets that have a path only since Linux 7.1.</summary>
internal static class EscapeSockets
{
    private const int MayWrite = 2;

    /// <summary>Those that this user may use.</summary>
    public static IReadOnlyList<string> Open() => [.. Known().Where(path => ChildProcessNative.Access(path, MayWrite) == 0)];

    private static IEnumerable<string> Known()
    {
        var own = $"/run/user/{FileFacts.OwnUser}";
        return
        [
            $"{own}/systemd/private", $"{own}/bus", $"{own}/docker.sock", $"{own}/podman/podman.sock",
            "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock", "/run/crio/crio.sock", "/run/k3s/containerd/containerd.sock",
        ];
    }
}
