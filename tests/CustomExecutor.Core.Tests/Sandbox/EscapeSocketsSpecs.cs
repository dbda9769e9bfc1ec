using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>The sockets to test, and those of a host.</summary>
public sealed class EscapeSocketsSpecs
{
    private const string Table = """
        Num       RefCount Protocol Flags    Type St Inode Path
        0000000000000000: 00000002 00000000 00010000 0001 01 11 /run/dbus/system_bus_socket
        0000000000000000: 00000003 00000000 00000000 0001 03 12 /run/dbus/system_bus_socket
        0000000000000000: 00000002 00000000 00010000 0001 01 13 @abstract
        0000000000000000: 00000002 00000000 00010000 0005 01 14 /run/with a blank/x
        0000000000000000: 00000002 00000000 00000000 0002 01 15 /run/systemd/notify
        0000000000000000: 00000002 00000000 00010000 0001 01 16
        0000000000000000: 00000002 00000000 00010000 0001 01 17 relative

        """;

    [Fact]
    public void The_kernels_table_lists_the_paths_of_listening_sockets() =>
        ListeningSockets.Paths(Table).Should().Equal("/run/dbus/system_bus_socket", "/run/with a blank/x");

    [Theory]
    [InlineData("/run/dbus/system_bus_socket")]
    [InlineData("/run/user/998/bus")]
    [InlineData("/run/user/998/systemd/private")]
    [InlineData("/run/docker.sock")]
    [InlineData("/run/user/998/docker.sock")]
    [InlineData("/run/containerd/containerd.sock")]
    [InlineData("/run/crio/crio.sock")]
    [InlineData("/run/podman/podman.sock")]
    [InlineData("/run/buildkit/buildkitd.sock")]
    [InlineData("/var/snap/lxd/common/lxd/unix.socket")]
    [InlineData("/var/lib/incus/unix.socket")]
    [InlineData("/run/libvirt/libvirt-sock")]
    public void A_socket_that_starts_processes_is_tested(string path) =>
        EscapeSockets.Of(998).Should().Contain(path).And.OnlyHaveUniqueItems();

    [Fact]
    public void Terminal_sockets_of_the_user_are_searched_in_their_directories() =>
        EscapeSockets.DirectoriesOf(998).Should().Contain(["/tmp/tmux-998", "/run/screen"]);
}
