using CustomExecutor.Core.Kubernetes.Proxy;

namespace CustomExecutor.Core.Tests.Kubernetes.Proxy;

/// <summary>NO_PROXY by the rules that golang.org/x/net/http/httpproxy documents; kubectl follows them.</summary>
public sealed class NoProxyListSpecs
{
    private const string Long =
        "foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, 10.0.0.0/30, "
        + "2001:db8::52:0:1, [2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, 2002:db8:a::45/64";

    [Theory]
    [InlineData("192.168.1.1", true)]
    [InlineData("192.168.1.2", false)] // another port
    [InlineData("192.168.1.3", true)]
    [InlineData("192.168.1.4", false)]
    [InlineData("10.0.0.2", true)]
    [InlineData("10.0.0.4", false)]
    [InlineData("2001:db8::52:0:1", true)]
    [InlineData("2001:db8::52:0:2", false)] // another port
    [InlineData("2001:db8::52:0:3", true)]
    [InlineData("2002:db8:a::123", true)] // the range's own host bits do not count
    [InlineData("2002:db8:b::123", false)]
    [InlineData("fe80::424b:c8be:1643:a1b6", false)]
    [InlineData("foobar.com", true)]
    [InlineData("FOOBAR.com", true)]
    [InlineData("www.foobar.com", true)]
    [InlineData("foofoobar.com", false)]
    [InlineData("foobar.com.example", false)]
    [InlineData("barbaz.net", false)]
    [InlineData("www.barbaz.net", true)]
    [InlineData("barbarbaz.net", false)]
    [InlineData("wildcard.io", false)]
    [InlineData("nested.wildcard.io", true)]
    [InlineData("awildcard.io", false)]
    [InlineData("localhost.net", false)]
    public void A_server_is_found_in_a_long_list(string host, bool direct) =>
        new NoProxyList(Long).Contains(host, 80).Should().Be(direct);

    [Theory]
    [InlineData("*", "example.com", true)]
    [InlineData("a.example, *", "10.1.2.3", true)]
    [InlineData("* ", "example.com", true)]
    [InlineData("**", "example.com", false)]
    [InlineData("", "example.com", false)]
    [InlineData(",, ,", "example.com", false)]
    [InlineData(":1", "example.com", false)]
    [InlineData(":6443", "example.com", false)]
    [InlineData("10.0.0.0/8", "10.99.0.2", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.1.2.3/8", "10.99.0.2", true)]
    [InlineData("10.0.0.0/0", "192.0.2.1", true)]
    [InlineData("10.0.0.0/33", "10.0.0.0", false)]
    [InlineData("10.0.0.0/-1", "10.0.0.0", false)]
    [InlineData("10.0.0.0/ 8", "10.0.0.0", false)]
    [InlineData("10.0.0.0/8:6443", "10.0.0.1", false)] // a range has no port
    [InlineData("localhost, 10.99.0.2:6443", "10.99.0.2", true)]
    [InlineData("localhost, 10.99.0.2:443", "10.99.0.2", false)]
    [InlineData("localhost 10.99.0.2", "10.99.0.2", false)] // commas alone separate
    [InlineData("localhost;10.99.0.2", "10.99.0.2", false)]
    [InlineData("\t10.99.0.2\t", "10.99.0.2", true)]
    [InlineData("::ffff:10.99.0.2", "10.99.0.2", true)]
    [InlineData("10.99.0.2", "::ffff:10.99.0.2", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.99.0.2", true)]
    [InlineData("::ffff:10.0.0.0/104", "11.0.0.1", false)]
    [InlineData("0:0:0:0:0:0:0:abcd", "::abcd", true)]
    [InlineData("[::abcd]", "::abcd", false)] // brackets mean a port follows
    [InlineData("[::abcd]:6443", "::abcd", true)]
    [InlineData("fe80::/10", "fe80::1%eth0", false)] // an address with a zone is not an address to Go
    [InlineData("010.0.0.1", "10.0.0.1", false)]
    [InlineData("10.1", "10.0.0.1", false)]
    [InlineData("1", "192.0.2.1", true)] // Go takes it for a domain suffix
    [InlineData("example.com:6443", "api.example.com", true)]
    [InlineData("example.com:443", "api.example.com", false)]
    [InlineData(".example.com:6443", "api.example.com", true)]
    [InlineData(".example.com:6443", "example.com", false)]
    [InlineData("*.example.com:6443", "api.example.com", true)]
    [InlineData("*example.com", "api.example.com", false)]
    [InlineData("api.*.com", "api.example.com", false)]
    [InlineData(".svc,.cluster.local", "kubernetes.default.svc", true)]
    [InlineData(".svc,.cluster.local", "kubernetes.default", false)]
    [InlineData("KUBERNETES.default", "kubernetes.default", true)]
    [InlineData("https://example.com", "example.com", false)]
    [InlineData("example.com.", "example.com", false)]
    [InlineData(".bücher.example", "api.xn--bcher-kva.example", true)]
    [InlineData("bücher.example", "xn--bcher-kva.example", true)]
    public void A_server_at_port_6443(string list, string host, bool direct) =>
        new NoProxyList(list).Contains(host, 6443).Should().Be(direct);
}
