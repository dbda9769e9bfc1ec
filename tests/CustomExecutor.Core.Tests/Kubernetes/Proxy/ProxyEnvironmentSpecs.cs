using CustomExecutor.Core.Kubernetes.Proxy;

namespace CustomExecutor.Core.Tests.Kubernetes.Proxy;

/// <summary>The proxy in the environment, by Go's rules.</summary>
public sealed class ProxyEnvironmentSpecs
{
    private const string Server = "https://api.example.com:6443";

    [Theory]
    [InlineData("HTTPS_PROXY=http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("https_proxy=http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("HTTPS_PROXY=127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("HTTPS_PROXY=cache.example.com:1234", "http://cache.example.com:1234")]
    [InlineData("HTTPS_PROXY=cache.example.com", "http://cache.example.com:80")]
    [InlineData("HTTPS_PROXY=localhost", "http://localhost:80")]
    [InlineData("HTTPS_PROXY=https://cache.example.com", "https://cache.example.com:443")]
    [InlineData("HTTPS_PROXY=socks5://127.0.0.1", "socks5://127.0.0.1:1080")]
    [InlineData("HTTPS_PROXY=socks5h://127.0.0.1:9", "socks5h://127.0.0.1:9")]
    [InlineData("HTTPS_PROXY=HTTP://Cache.Example.com:1", "http://cache.example.com:1")]
    [InlineData("HTTPS_PROXY=http://[::1]:3128", "http://[::1]:3128")]
    [InlineData("HTTPS_PROXY=http://user:secret@cache.example.com:3128/path?query", "http://cache.example.com:3128")]
    [InlineData("HTTPS_PROXY=http://a:1;https_proxy=http://b:1", "http://a:1")]
    [InlineData("HTTPS_PROXY=;https_proxy=http://b:1", "http://b:1")]
    [InlineData("HTTPS_PROXY=http://a:1;NO_PROXY=;no_proxy=example.com", null)]
    [InlineData("HTTPS_PROXY=http://a:1;NO_PROXY=x;no_proxy=example.com", "http://a:1")]
    [InlineData("HTTPS_PROXY=http://a:1;NO_PROXY=10.0.0.0/8, .example.com:6443", null)]
    [InlineData("HTTPS_PROXY=http://a:1;NO_PROXY=.example.com:443", "http://a:1")]
    [InlineData("HTTPS_PROXY=http://a:1;REQUEST_METHOD=GET", "http://a:1")]
    [InlineData("HTTP_PROXY=http://a:1", null)]
    [InlineData("ALL_PROXY=http://a:1", null)]
    [InlineData("", null)]
    public void An_https_server_is_reached_through(string variables, string? proxy) =>
        Shown(Server, variables).Should().Be(proxy);

    [Theory]
    [InlineData("HTTP_PROXY=http://a:1", "http://a:1")]
    [InlineData("http_proxy=a:1", "http://a:1")]
    [InlineData("HTTPS_PROXY=http://a:1", null)]
    [InlineData("HTTP_PROXY=http://a:1;NO_PROXY=api.example.com:80", null)]
    [InlineData("REQUEST_METHOD=GET", null)]
    public void An_http_server_is_reached_through(string variables, string? proxy) =>
        Shown("http://api.example.com", variables).Should().Be(proxy);

    [Theory]
    [InlineData("https://localhost:6443")]
    [InlineData("https://LOCALHOST:6443")]
    [InlineData("https://127.0.0.1:6443")]
    [InlineData("https://127.9.9.9:6443")]
    [InlineData("https://[::1]:6443")]
    [InlineData("https://[::ffff:127.0.0.1]:6443")]
    public void This_host_is_never_reached_through_a_proxy(string server) =>
        Shown(server, "HTTPS_PROXY=http://a:1").Should().BeNull();

    [Theory]
    [InlineData("https://[::2]:6443")]
    [InlineData("https://localhost.example:6443")]
    [InlineData("https://0.0.0.0:6443")]
    public void Anything_else_is(string server) => Shown(server, "HTTPS_PROXY=http://a:1").Should().Be("http://a:1");

    [Theory]
    [InlineData("http://")]
    [InlineData("http://a:b:c")]
    [InlineData("SECRET words")]
    [InlineData("%zz")]
    public void A_variable_that_is_not_a_URL_is_refused_by_name(string value)
    {
        var choosing = () => Shown(Server, $"HTTPS_PROXY={value}");

        choosing
            .Should()
            .Throw<DriverException>()
            .WithMessage("HTTPS_PROXY is not a valid URL.*")
            .Which.Message.Should()
            .NotContain("SECRET");
    }

    [Fact]
    public void A_variable_that_a_web_client_can_set_is_refused()
    {
        var choosing = () => Shown("http://api.example.com", "HTTP_PROXY=http://a:1;REQUEST_METHOD=GET");

        choosing.Should().Throw<DriverException>().WithMessage("HTTP_PROXY is not used while REQUEST_METHOD is set*");
    }

    [Theory]
    [InlineData("foo://host:1", "foo")]
    [InlineData("socks4://host:1", "socks4")]
    public void An_unsupported_scheme_is_refused_by_name(string value, string scheme)
    {
        var choosing = () => Shown(Server, $"HTTPS_PROXY={value}");

        choosing
            .Should()
            .Throw<DriverException>()
            .WithMessage($"HTTPS_PROXY: the proxy scheme \"{scheme}\" is not supported. Use http, https or socks5.");
    }

    [Fact]
    public void Credentials_are_decoded_and_never_shown()
    {
        var proxy = new ProxyAddress(new Uri("http://us%40er:p%3Aw%2Ford@cache:3128"), "proxy-url");

        proxy.Credentials.Should().Be(("us@er", "p:w/ord"));
        proxy.Authorization.Should().Be("Basic " + Convert.ToBase64String("us@er:p:w/ord"u8));
        $"{proxy} {proxy.Shown}".Should().Be("http://cache:3128 http://cache:3128");
    }

    [Fact]
    public void A_user_without_a_password_has_an_empty_password() =>
        new ProxyAddress(new Uri("http://user@cache"), "proxy-url").Credentials.Should().Be(("user", ""));

    private static string? Shown(string server, string variables)
    {
        var environment = variables
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2))
            .ToDictionary(v => v[0], v => v[1]);
        return ProxyEnvironment.ProxyFor(new Uri(server), environment.GetValueOrDefault)?.Shown;
    }
}
