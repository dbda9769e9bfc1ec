using System.Globalization;

namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// Sockets of services that start processes, or change the host, for whoever may connect: as good as a way out of the
/// sandbox. Landlock hides sockets that have a path only since Linux 7.1.
/// </summary>
public static class EscapeSockets
{
    private static readonly string[] OfSystem =
    [
        // By it logind keeps a manager running for each user who asks, and that manager starts any program.
        "/run/dbus/system_bus_socket",
        "/run/systemd/private",
        "/run/systemd/io.systemd.Manager",
        "/run/systemd/machine/io.systemd.Machine",
        "/run/docker.sock",
        "/run/cri-dockerd.sock",
        "/run/podman/podman.sock",
        "/run/crio/crio.sock",
        "/run/containerd/containerd.sock",
        "/run/k3s/containerd/containerd.sock",
        "/run/k0s/containerd.sock",
        "/run/snap.microk8s/containerd.sock",
        "/run/buildkit/buildkitd.sock",
        "/run/incus/unix.socket",
        "/var/lib/incus/unix.socket",
        "/var/lib/lxd/unix.socket",
        "/var/snap/lxd/common/lxd/unix.socket",
        "/run/libvirt/libvirt-sock",
        "/run/libvirt/virtqemud-sock",
        "/run/libvirt/virtlxcd-sock",
        "/run/libvirt/virtstoraged-sock",
    ];

    private static readonly string[] OfUser =
    [
        "systemd/private",
        "systemd/io.systemd.Manager",
        "bus",
        "docker.sock",
        "podman/podman.sock",
        "containerd/containerd.sock",
        "containerd-rootless/api.sock",
        "buildkit/buildkitd.sock",
        "buildkit-default/buildkitd.sock",
        "libvirt/libvirt-sock",
        "libvirt/virtqemud-sock",
        "incus/unix.socket",
    ];

    /// <summary>The known ones.</summary>
    /// <param name="user">The number of the user whose scripts they are.</param>
    public static IEnumerable<string> Of(uint user) =>
        OfSystem.Concat(OfUser.Select(name => string.Create(CultureInfo.InvariantCulture, $"/run/user/{user}/{name}")));

    /// <summary>Directories in which terminal multiplexers make sockets: whoever connects types into the shells behind
    /// them.</summary>
    /// <param name="user">The user's number.</param>
    public static IEnumerable<string> DirectoriesOf(uint user) =>
        [string.Create(CultureInfo.InvariantCulture, $"/tmp/tmux-{user}"), "/run/screen", "/run/tmux"];
}
