using System.Net;
using System.Net.Sockets;
using CustomExecutor.Core.Builder;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.Tests.Kubernetes.Connection;

/// <summary>Several addresses of one name, some of which are dead.</summary>
public sealed class AddressRaceSpecs
{
    [Fact]
    public async Task An_address_that_swallows_packets_does_not_hold_up_the_next()
    {
        await using var hole = new PacketHole();
        var alive = BuildkitDaemon.FreshAddress();
        using var listener = new TcpListener(alive, BuilderSpec.Port);
        listener.Start();
        using var patience = GracePeriods();

        using var socket = await AddressRace.Connect(
            [hole.Address, hole.Address, alive],
            BuilderSpec.Port,
            TimeProvider.System,
            patience.Token
        );

        ((IPEndPoint)socket.RemoteEndPoint!).Address.Should().Be(alive);
    }

    [Fact]
    public async Task An_address_that_refuses_is_passed_over_at_once()
    {
        using var listener = Listening(out var port);
        using var patience = GracePeriods();

        using var socket = await AddressRace.Connect(
            [IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.2"), IPAddress.Loopback],
            port,
            TimeProvider.System,
            patience.Token
        );

        ((IPEndPoint)socket.RemoteEndPoint!).Address.Should().Be(IPAddress.Loopback);
    }

    [Fact]
    public async Task Where_all_refuse_the_refusal_is_reported()
    {
        using var patience = GracePeriods();

        var connecting = () =>
            AddressRace.Connect(
                [IPAddress.Parse("127.0.0.2"), IPAddress.Loopback],
                1,
                TimeProvider.System,
                patience.Token
            );

        (await connecting.Should().ThrowAsync<SocketException>())
            .Which.SocketErrorCode.Should()
            .Be(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task A_name_without_addresses_is_unknown()
    {
        var connecting = () => AddressRace.Connect([], 1, TimeProvider.System, CancellationToken.None);

        (await connecting.Should().ThrowAsync<SocketException>())
            .Which.SocketErrorCode.Should()
            .Be(SocketError.HostNotFound);
    }

    [Fact]
    public async Task It_can_be_called_off()
    {
        await using var hole = new PacketHole();
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var connecting = () =>
            AddressRace.Connect([hole.Address, hole.Address], BuilderSpec.Port, TimeProvider.System, end.Token);

        await connecting.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_server_that_listens_at_the_second_address_of_its_name_is_found()
    {
        var ca = TestAuthority.Root();
        // localhost is ::1 and 127.0.0.1 where the host has IPv6; the server has one of them.
        await using var server = await ConnectedServer.Start(ca.Server("localhost"));

        (await Api.Ask(Api.At($"https://localhost:{server.Port}", ca))).Should().Be("v1.36");
    }

    private static CancellationTokenSource GracePeriods()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60)); // The kernel gives up a dead address after two minutes.
        return patience;
    }

    private static TcpListener Listening(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
