using System.Net;
using System.Net.Sockets;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Kubernetes;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.Tests.Kubernetes.Connection;

/// <summary>A connection that does not come about, or breaks: the sentence names the server, the cause in plain words,
/// and the field to look at.</summary>
public sealed class ConnectionFailureSpecs
{
    private const string Start = "The Kubernetes API can't be reached to ask for its version: ";
    private const string CheckServer =
        "\nCheck the cluster's server in context \"test\" of /etc/kubeconfig, and whether this host can reach it.";

    private static readonly TestAuthority Ca = TestAuthority.Root();

    [Theory]
    [InlineData("https://127.0.0.1:1", "127.0.0.1:1: connection refused")]
    [InlineData("https://[::1]:1", "[::1]:1: connection refused")]
    [InlineData("http://127.0.0.1:1", "127.0.0.1:1: connection refused")]
    [InlineData("https://no-such-host.invalid", "no-such-host.invalid:443: ")]
    [InlineData("https://no-such-host.invalid:6443/path", "no-such-host.invalid:6443: ")]
    public async Task A_server_that_cannot_be_reached(string server, string cause) =>
        (await Api.Ask(Api.At(server, Ca))).Should().StartWith(Start + cause).And.EndWith(CheckServer);

    [Fact]
    public async Task An_address_that_swallows_packets()
    {
        await using var hole = new PacketHole();

        (await Api.Ask(Api.At($"https://{hole.Address}:{BuilderSpec.Port}", Ca)))
            .Should()
            .StartWith($"{Start}{hole.Address}:{BuilderSpec.Port}: no ");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "the answer is not TLS")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "the answer is not TLS")]
    [InlineData("220 mail.example.com ESMTP\r\n", "the answer is not TLS")]
    [InlineData("\u0015\u0003\u0003\0\u0002\u0002\u0028", "the TLS handshake failed: ")]
    [InlineData("", "the TLS handshake failed: ")]
    public async Task A_server_that_does_not_speak_TLS(string answer, string cause)
    {
        using var server = Answering(answer, out var port);

        (await Api.Ask(Api.At($"https://127.0.0.1:{port}", Ca)))
            .Should()
            .StartWith($"{Start}127.0.0.1:{port}: {cause}");
    }

    [Fact]
    public async Task A_TLS_server_that_is_asked_in_plain_HTTP()
    {
        await using var server = await ConnectedServer.Start(Ca.Server("127.0.0.1"));

        (await Api.Ask(Api.At($"http://127.0.0.1:{server.Port}"))).Should().Contain($"127.0.0.1:{server.Port}");
    }

    [Fact]
    public async Task A_plain_HTTP_server_that_is_asked_by_TLS()
    {
        await using var server = await ConnectedServer.Start();

        (await Api.Ask(Api.At($"https://127.0.0.1:{server.Port}", Ca)))
            .Should()
            .StartWith($"{Start}127.0.0.1:{server.Port}: the ");
    }

    [Fact]
    public async Task A_server_that_hangs_up_within_an_answer_is_named()
    {
        await using var server = await ConnectedServer.Start(Ca.Server("127.0.0.1"));
        server.Answers = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };

        (await Api.Ask(Api.At($"https://127.0.0.1:{server.Port}", Ca)))
            .Should()
            .StartWith($"{Start}127.0.0.1:{server.Port}: ");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named()
    {
        await using var server = await ConnectedServer.Start(Ca.Server("127.0.0.1"));
        server.Answers = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var client = Api.Open(Api.At($"https://127.0.0.1:{server.Port}", Ca));

        var asking = () =>
            new BuilderPods(
                client,
                "test",
                ApiRetries.None(TimeProvider.System, TimeSpan.FromSeconds(1))
            ).ReadServerVersion(TestContext.Current.CancellationToken);

        (await asking.Should().ThrowAsync<DriverException>())
            .Which.Message.Should()
            .Be($"{Start}127.0.0.1:{server.Port}: no answer within 1 s");
    }

    [Fact]
    public async Task A_certificates_names_cannot_forge_a_line_of_the_log()
    {
        await using var server = await ConnectedServer.Start(
            TestAuthority.Root("x\nERROR: forged\u001b[0K").Server("127.0.0.1")
        );

        (await Api.Ask(Api.At($"https://127.0.0.1:{server.Port}", Ca)))
            .Should()
            .Contain("not trusted")
            .And.NotContain("\u001b")
            .And.NotContain("\nERROR");
    }

    [Fact]
    public async Task A_certificate_of_many_names_stays_one_line()
    {
        await using var server = await ConnectedServer.Start(
            Ca.Server([.. Enumerable.Range(1, 40).Select(i => $"n{i}.example.com")])
        );

        (await Api.Ask(Api.At($"https://127.0.0.1:{server.Port}", Ca)))
            .Should()
            .Contain("n10.example.com and 30 more, not for 127.0.0.1\n");
    }

    [Theory]
    [InlineData(1200, "differ by 20 min (this host is ahead)")]
    [InlineData(-7200, "differ by 2 h (this host is behind)")]
    [InlineData(60, null)]
    public async Task Clocks_are_compared_by_every_answers_date(int serverBehind, string? difference)
    {
        await using var server = await ConnectedServer.Start(Ca.Server("127.0.0.1"));
        server.DateBehind = TimeSpan.FromSeconds(serverBehind);
        using var client = Api.Open(Api.At($"https://127.0.0.1:{server.Port}", Ca));
        client.Clock.Difference.Should().BeNull();

        await Api.Ask(client);

        if (difference is null)
            client.Clock.Difference.Should().BeNull();
        else
            client.Clock.Difference.Should().Contain(difference);
    }

    private static TcpListener Answering(string text, out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.Client.ReceiveAsync(new byte[4096]);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
        });
        return listener;
    }
}
