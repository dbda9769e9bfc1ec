using System.Globalization;

namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// Sockets of services that start processes or change the host for any client: through them, a script can leave the
/// sandbox. Landlock can hide sockets that have a path since Linux 7.1 only.
/// </summary>
public static class EscapeSockets
{
    private static readonly string[] OfSystem =
    [
        // Through it, logind starts a service manager for any user who asks (lingering), and that manager starts any
        // program.
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

    /// <summary>The paths of the known sockets.</summary>
    /// <param name="user">The uid that scripts run as.</param>
    public static IEnumerable<string> Of(uint user) =>
        OfSystem.Concat(OfUser.Select(name => string.Create(CultureInfo.InvariantCulture, $"/run/user/{user}/{name}")));

    /// <summary>
    /// Directories in which terminal multiplexers create sockets. A client can type into their shells.
    /// </summary>
    /// <param name="user">The uid that scripts run as.</param>
    public static IEnumerable<string> DirectoriesOf(uint user) =>
        [string.Create(CultureInfo.InvariantCulture, $"/tmp/tmux-{user}"), "/run/screen", "/run/tmux"];
}
