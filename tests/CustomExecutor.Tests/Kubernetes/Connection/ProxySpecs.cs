using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.Tests.Kubernetes.Connection;

/// <summary>Real proxies between the driver and a server. Their choice is decided in Core; here is what goes over
/// them.</summary>
public sealed class ProxySpecs : IAsyncLifetime
{
    private const string Accepted = "v1.36";

    private static readonly TestAuthority Ca = TestAuthority.Root();

    private ConnectedServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await ConnectedServer.Start(Ca.Server("127.0.0.1", "localhost", "api.example.com"));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Proxy_url_holds_for_every_server_even_one_of_this_host(string host)
    {
        await using var proxy = RecordingProxy.Http();

        (await Ask($"http://127.0.0.1:{proxy.Port}", host, ("NO_PROXY", "*"), ("HTTPS_PROXY", "http://127.0.0.1:1")))
            .Should()
            .Be(Accepted);

        proxy.Asked.Should().Equal($"CONNECT {host}:{_server.Port} HTTP/1.1\r\nHost: {host}:{_server.Port}\r\n\r\n");
    }

    [Fact]
    public async Task An_environments_proxy_gets_its_credentials_at_once()
    {
        await using var proxy = RecordingProxy.Http(answer: "HTTP/1.1 200 OK\r\n\r\n");

        await Api.Ask(
            Api.At("https://api.example.com:6443", Ca),
            null,
            ("HTTPS_PROXY", $"http://us%40er:pa%3Ass@127.0.0.1:{proxy.Port}")
        );

        proxy
            .Asked.Should()
            .Equal(
                "CONNECT api.example.com:6443 HTTP/1.1\r\nHost: api.example.com:6443\r\nProxy-Authorization: "
                    + $"Basic {Convert.ToBase64String("us@er:pa:ss"u8)}\r\n\r\n"
            );
    }

    [Fact]
    public async Task The_server_behind_a_proxy_is_checked_as_any()
    {
        await using var proxy = RecordingProxy.Http();
        var connection = Connection($"http://127.0.0.1:{proxy.Port}");

        (await Api.Ask(connection with { TlsServerName = "nonsense.example.com" }, TestCredentials.Token("tok")))
            .Should()
            .Contain(
                $"127.0.0.1:{_server.Port} through the proxy http://127.0.0.1:{proxy.Port} (proxy-url): the "
                    + "server's certificate is valid for "
            );
        _server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_proxy_never_sees_the_drivers_token()
    {
        await using var proxy = RecordingProxy.Http();

        (await Api.Ask(Connection($"http://127.0.0.1:{proxy.Port}"), TestCredentials.Token("tok")))
            .Should()
            .Be(Accepted);

        proxy.Asked.Should().ContainSingle().Which.Should().NotContain("tok").And.NotContain("custom-executor");
    }

    [Fact]
    public async Task A_proxy_with_TLS_is_checked_by_the_clusters_CA_as_in_Go()
    {
        await using var good = RecordingProxy.Http(Ca.Server("127.0.0.1"));
        await using var other = RecordingProxy.Http(Ca.Server("127.0.0.2"));
        await using var foreign = RecordingProxy.Http(TestAuthority.Root("foreign").Server("127.0.0.1"));

        (await Ask($"https://user:secret@127.0.0.1:{good.Port}")).Should().Be(Accepted);
        (await Ask($"https://user:secret@127.0.0.1:{other.Port}"))
            .Should()
            .Contain("the proxy: the server's certificate is valid for 127.0.0.2");
        (await Ask($"https://user:secret@127.0.0.1:{foreign.Port}"))
            .Should()
            .Contain("the proxy: the server's certificate is not trusted");
        other.Asked.Concat(foreign.Asked).Should().BeEmpty("the proxy's password is for the proxy");
    }

    [Theory]
    [InlineData("socks5", "127.0.0.1")]
    [InlineData("socks5", "localhost")]
    [InlineData("socks5h", "localhost")]
    public async Task A_socks_proxy_gets_the_name_as_it_is(string scheme, string host)
    {
        await using var proxy = RecordingProxy.Socks();

        (await Ask($"{scheme}://127.0.0.1:{proxy.Port}", host)).Should().Be(Accepted);

        proxy.Asked.Should().Equal($"{host}:{_server.Port}");
    }

    [Fact]
    public async Task A_socks_proxy_gets_its_credentials_if_it_asks()
    {
        await using var proxy = RecordingProxy.Socks(("us@er", "pa:ss"));
        await using var open = RecordingProxy.Socks();

        (await Ask($"socks5://us%40er:pa%3Ass@127.0.0.1:{proxy.Port}")).Should().Be(Accepted);
        (await Ask($"socks5://us%40er:pa%3Ass@127.0.0.1:{open.Port}")).Should().Be(Accepted);
        (await Ask($"socks5://user:wrong-secret@127.0.0.1:{proxy.Port}"))
            .Should()
            .Contain("asks for credentials: it rejected the user name or password")
            .And.NotContain("wrong-secret");
        (await Ask($"socks5://127.0.0.1:{proxy.Port}")).Should().Contain("asks for credentials");

        proxy.Asked.Should().Equal($"us@er:pa:ss 127.0.0.1:{_server.Port}");
    }

    [Fact]
    public async Task A_plain_HTTP_server_is_asked_through_an_HTTP_proxy_by_its_whole_address()
    {
        await using var plain = await ConnectedServer.Start();
        await using var proxy = RecordingProxy.Http();

        (
            await Api.Ask(
                Api.At($"http://127.0.0.1:{plain.Port}") with
                {
                    Proxy = new Uri($"http://127.0.0.1:{proxy.Port}"),
                }
            )
        )
            .Should()
            .Be(Accepted);

        proxy
            .Asked.Should()
            .ContainSingle()
            .Which.Should()
            .StartWith($"GET http://127.0.0.1:{plain.Port}/version/ HTTP/1.1\r\n");
    }

    [Fact]
    public async Task A_plain_HTTP_server_is_reached_through_a_socks_proxy()
    {
        await using var plain = await ConnectedServer.Start();
        await using var proxy = RecordingProxy.Socks();

        (
            await Api.Ask(
                Api.At($"http://127.0.0.1:{plain.Port}") with
                {
                    Proxy = new Uri($"socks5://127.0.0.1:{proxy.Port}"),
                }
            )
        )
            .Should()
            .Be(Accepted);
    }

    [Theory]
    [InlineData(
        "HTTP/1.1 407 Proxy secret\r\nContent-Length: 6\r\n\r\nsecret",
        "the proxy asks for credentials: 407 Proxy Authentication Required",
        "Put the proxy's user name and password into proxy-url in context"
    )]
    [InlineData(
        "HTTP/1.0 403 secret\r\n\r\n",
        "the proxy does not connect: 403 Forbidden",
        "Check proxy-url in context"
    )]
    [InlineData(
        "HTTP/1.1 503 secret\r\n\r\n<html>secret",
        "the proxy does not connect: 503 Service Unavailable",
        "Check proxy-url in context"
    )]
    [InlineData("SSH-2.0-secret\r\n\r\n", "the proxy's answer is not valid: it is not HTTP", "Check proxy-url")]
    [InlineData("HTTP/1.1 abc\r\n\r\n", "the proxy's answer is not valid: it is not HTTP", "Check proxy-url")]
    [InlineData("HTTP/1.1 200", "the proxy's answer is not valid: it closed the connection", "Check proxy-url")]
    [InlineData("", "the proxy's answer is not valid: it closed the connection", "Check proxy-url")]
    public async Task An_HTTP_proxy_that_does_not_connect_is_named(string answer, string cause, string remedy)
    {
        await using var proxy = RecordingProxy.Http(answer: answer);

        (await Ask($"http://user:secret@127.0.0.1:{proxy.Port}"))
            .Should()
            .Contain(
                $"127.0.0.1:{_server.Port} through the proxy http://127.0.0.1:{proxy.Port} (proxy-url): "
                    + $"{cause}\n{remedy}"
            )
            .And.NotContain("secret");
    }

    [Theory]
    [InlineData("\u0005\u0005\0\u0001\0\0\0\0\0\0", "the proxy does not connect: connection refused")]
    [InlineData("\u0005\u0002\0\u0001\0\0\0\0\0\0", "the proxy does not connect: not allowed by its rules")]
    [InlineData("\u0005\u0063\0\u0001\0\0\0\0\0\0", "the proxy does not connect: code 99")]
    [InlineData("HTTP/1.1 400", "the proxy's answer is not valid: it is not SOCKS 5")]
    [InlineData("\u0005\0\0\u0009\0\0", "the proxy's answer is not valid: its address type is unknown")]
    [InlineData("\u0005\0\0\u0001\0", "the proxy's answer is not valid: it closed the connection")]
    public async Task A_socks_proxy_that_does_not_connect_is_named(string answer, string cause)
    {
        await using var proxy = RecordingProxy.Socks(answer: answer);

        (await Ask($"socks5://127.0.0.1:{proxy.Port}"))
            .Should()
            .Contain($"through the proxy socks5://127.0.0.1:{proxy.Port} (proxy-url): {cause}\n");
    }

    [Fact]
    public async Task A_dead_proxy_of_the_environment_is_named_with_its_variable() =>
        (
            await Api.Ask(
                Api.At("https://api.example.com:6443", Ca),
                null,
                ("HTTPS_PROXY", "http://user:secret@127.0.0.1:1")
            )
        )
            .Should()
            .Be(
                "The Kubernetes API can't be reached to ask for its version: api.example.com:6443 through the "
                    + "proxy http://127.0.0.1:1 (HTTPS_PROXY): the proxy: connection refused\n"
                    + "Check HTTPS_PROXY in the runner's environment, or add the server to NO_PROXY there to reach "
                    + "it without a proxy."
            );

    [Fact]
    public async Task A_server_in_NO_PROXY_is_asked_directly()
    {
        await using var server = await ConnectedServer.Start(Ca.Server("127.0.0.1"), address: System.Net.IPAddress.Any);

        // Not a loopback address to NO_PROXY, which 127.0.0.1 would not need; 0.0.0.0 leads to this host all the same.
        (
            await Api.Ask(
                Api.At($"https://0.0.0.0:{server.Port}", Ca) with
                {
                    TlsServerName = "127.0.0.1",
                },
                null,
                ("HTTPS_PROXY", "http://127.0.0.1:1"),
                ("NO_PROXY", "localhost, 0.0.0.0/8")
            )
        )
            .Should()
            .Be(Accepted);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private ClusterConnection Connection(string proxy, string host = "127.0.0.1") =>
        Api.At($"https://{host}:{_server.Port}", Ca) with
        {
            Proxy = new Uri(proxy),
        };

    private Task<string> Ask(string proxy, string host = "127.0.0.1", params (string Name, string Value)[] variables) =>
        Api.Ask(Connection(proxy, host), null, variables);
}
