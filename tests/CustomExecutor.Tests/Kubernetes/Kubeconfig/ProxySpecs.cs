using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>
/// By way of which proxy the server is asked. Go never uses the environment's proxy for <c>localhost</c> and loopback
/// addresses; 0.0.0.0 and ::, which lead to this machine as well, are none, and neither are names that lead to
/// 127.0.0.1.
/// </summary>
public sealed class ProxySpecs
{
    private const string Ca = "certificate-authority-data: <data:ca>";

    private const string Loopback = $"server: <url:server>, {Ca}";

    private const string Address = $"server: 'https://0.0.0.0:<port:server>', {Ca}";

    private const string Address6 = $"server: 'https://[::]:<port6:server>', {Ca}";

    private const string Name = $"server: 'https://api.table.test:<port:server>', {Ca}";

    private const string Http = "http://127.0.0.1:<proxy-port:http>";

    private static readonly Rows Table = new(
        Accepted("proxy-url") with
        {
            Cluster = $"{Loopback}, proxy-url: '{Http}'",
        },
        Accepted("proxy-url with a slash") with
        {
            Cluster = $"{Loopback}, proxy-url: '{Http}/'",
        },
        Accepted("proxy-url that is empty") with
        {
            Cluster = $"{Loopback}, proxy-url: ''",
        },
        Accepted("proxy-url with a login") with
        {
            Cluster = $"{Loopback}, proxy-url: 'http://user:SECRETpassword@127.0.0.1:<proxy-port:login>'",
        },
        Accepted("proxy-url with a login that has escapes") with
        {
            Cluster = $"{Loopback}, proxy-url: 'http://user%40x:SECRET%3A%2F@127.0.0.1:<proxy-port:login>'",
        },
        Accepted("proxy-url with a user alone") with
        {
            Cluster = $"{Loopback}, proxy-url: 'http://user@127.0.0.1:<proxy-port:login>'",
        },
        Refused("proxy-url without the login that the proxy wants") with
        {
            Cluster = $"{Loopback}, proxy-url: 'http://127.0.0.1:<proxy-port:login>'",
            Says = ["407"],
        },
        Refused("proxy-url at which nobody listens") with
        {
            Cluster = $"{Loopback}, proxy-url: 'http://user:SECRETpassword@127.0.0.1:1'",
            Says = ["127.0.0.1:1", "proxy"],
        },
        Refused("proxy-url of a name that does not exist") with
        {
            Cluster = $"{Loopback}, proxy-url: 'http://no-such-proxy.invalid:3128'",
            Says = ["no-such-proxy.invalid"],
        },
        Accepted("proxy-url by https") with
        {
            Cluster = $"{Loopback}, proxy-url: 'https://127.0.0.1:<proxy-port:https>'",
        },
        Accepted("proxy-url by socks5") with
        {
            Cluster = $"{Loopback}, proxy-url: 'socks5://127.0.0.1:<proxy-port:socks5>'",
        },
        Accepted("proxy-url by socks5 with a login") with
        {
            Cluster = $"{Loopback}, proxy-url: 'socks5://user:SECRETpassword@127.0.0.1:<proxy-port:socks5>'",
        },
        Accepted("proxy-url by socks5, a name") with
        {
            Cluster = $"{Name}, proxy-url: 'socks5://127.0.0.1:<proxy-port:socks5>'",
        },
        Accepted("proxy-url, a name that only the proxy knows") with
        {
            Cluster = $"{Name}, proxy-url: '{Http}'",
        },
        Accepted("proxy-url for a server without TLS") with
        {
            Cluster = $"server: <url:plain>, proxy-url: '{Http}'",
        },
        Refused("proxy-url without a scheme") with
        {
            Cluster = $"{Loopback}, proxy-url: '127.0.0.1:<proxy-port:http>'",
            Says = ["proxy-url"],
        },
        Refused("proxy-url of another scheme") with
        {
            Cluster = $"{Loopback}, proxy-url: 'ftp://127.0.0.1:<proxy-port:http>'",
            Says = ["proxy-url"],
        },
        Refused("proxy-url without a host") with
        {
            Cluster = $"{Loopback}, proxy-url: 'http://'",
        },
        Refused("proxy-url with words") with
        {
            Cluster = $"{Loopback}, proxy-url: 'SECRET words'",
            Says = ["proxy-url"],
        },
        Refused("proxy-url that is a number") with
        {
            Cluster = $"{Loopback}, proxy-url: 3128",
        },
        Accepted("proxy-url and NO_PROXY") with
        {
            Cluster = $"{Loopback}, proxy-url: '{Http}'",
            Environment = Variables(("NO_PROXY", "*")),
        },
        Accepted("proxy-url and HTTPS_PROXY") with
        {
            Cluster = $"{Address}, proxy-url: '{Http}'",
            Environment = Variables(("HTTPS_PROXY", "http://127.0.0.1:<proxy-port:login>")),
        },
        Accepted("proxy-url and tls-server-name") with
        {
            Cluster = $"server: <url:other-name>, {Ca}, tls-server-name: api.elsewhere.test, proxy-url: '{Http}'",
        },
        Refused("proxy-url and a server of another name") with
        {
            Cluster = $"server: <url:other-name>, {Ca}, proxy-url: '{Http}'",
        },
        Accepted("HTTPS_PROXY and a loopback address") with
        {
            Cluster = Loopback,
            Environment = Proxy(),
        },
        Accepted("HTTPS_PROXY and localhost") with
        {
            Cluster = $"server: 'https://localhost:<port:server>', {Ca}",
            Environment = Proxy(),
        },
        Accepted("HTTPS_PROXY and an IPv6 loopback address") with
        {
            Cluster = $"server: '<url6:server>', {Ca}",
            Environment = Proxy(),
        },
        Accepted("HTTPS_PROXY") with
        {
            Cluster = Address,
            Environment = Proxy(),
        },
        Accepted("HTTPS_PROXY, a name") with
        {
            Cluster = Name,
            Environment = Proxy(),
        },
        Accepted("https_proxy") with
        {
            Cluster = Address,
            Environment = Variables(("https_proxy", Http)),
        },
        Accepted("HTTPS_PROXY before https_proxy") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", Http), ("https_proxy", "http://127.0.0.1:1")),
        },
        Accepted("https_proxy where HTTPS_PROXY is empty") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", ""), ("https_proxy", Http)),
        },
        Accepted("HTTPS_PROXY without a scheme") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "127.0.0.1:<proxy-port:http>")),
        },
        Accepted("HTTPS_PROXY with a login") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "http://user:SECRETpassword@127.0.0.1:<proxy-port:login>")),
        },
        Accepted("HTTPS_PROXY by socks5") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "socks5://127.0.0.1:<proxy-port:socks5>")),
        },
        Accepted("HTTPS_PROXY by https") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "https://127.0.0.1:<proxy-port:https>")),
        },
        Refused("HTTPS_PROXY at which nobody listens") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "http://user:SECRETpassword@127.0.0.1:1")),
            Says = ["127.0.0.1:1", "proxy"],
        },
        Refused("HTTPS_PROXY with a URL that is none") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "http://SECRET words:x")),
            Says = ["HTTPS_PROXY"],
        },
        Refused("HTTPS_PROXY with words") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "SECRET words")),
            Says = ["HTTPS_PROXY"],
        },
        Accepted("HTTPS_PROXY with words and a loopback address") with
        {
            Cluster = Loopback,
            Environment = Variables(("HTTPS_PROXY", "SECRET words")),
        },
        Accepted("HTTPS_PROXY that is empty") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", "")),
        },
        Accepted("HTTP_PROXY is not for https") with
        {
            Cluster = Address,
            Environment = Variables(("HTTP_PROXY", Http)),
        },
        Accepted("ALL_PROXY is nothing to Go") with
        {
            Cluster = Address,
            Environment = Variables(("ALL_PROXY", Http), ("all_proxy", Http)),
        },
        Accepted("HTTP_PROXY for a server without TLS") with
        {
            Cluster = "server: 'http://0.0.0.0:<port:plain>'",
            Environment = Variables(("HTTP_PROXY", Http)),
        },
        Accepted("http_proxy for a server without TLS") with
        {
            Cluster = "server: 'http://0.0.0.0:<port:plain>'",
            Environment = Variables(("http_proxy", Http)),
        },
        Accepted("HTTPS_PROXY is not for a server without TLS") with
        {
            Cluster = "server: 'http://0.0.0.0:<port:plain>'",
            Environment = Proxy(),
        },
        Refused("HTTP_PROXY in a CGI program") with
        {
            Cluster = "server: 'http://0.0.0.0:<port:plain>'",
            Environment = Variables(("HTTP_PROXY", Http), ("REQUEST_METHOD", "GET")),
        },
        Accepted("HTTPS_PROXY and insecure-skip-tls-verify") with
        {
            Cluster = "server: 'https://0.0.0.0:<port:other-ca>', insecure-skip-tls-verify: true",
            Environment = Proxy(),
        },
        Accepted("HTTPS_PROXY and a certificate") with
        {
            Cluster = Address,
            User = "client-certificate-data: <data:p256.crt>, client-key-data: <data:p256.key>",
            Environment = Proxy(),
        },
        NoProxy("nothing", "", Address),
        NoProxy("a blank", " ", Address),
        NoProxy("everything", "*", Address),
        NoProxy("everything, a name", "*", Name),
        NoProxy("everything among others", "a.test, *", Address),
        NoProxy("a star before a dot", "*.table.test", Name),
        NoProxy("the address", "0.0.0.0", Address),
        NoProxy("the address and blanks", " 10.0.0.1 , 0.0.0.0 ", Address),
        NoProxy("the address and tabs", "10.0.0.1,\t0.0.0.0", Address),
        NoProxy("blanks without commas", "10.0.0.1 0.0.0.0", Address),
        NoProxy("the address between semicolons", "10.0.0.1;0.0.0.0", Address),
        NoProxy("the address and its port", "0.0.0.0:<port:server>", Address),
        NoProxy("the address and another port", "0.0.0.0:1", Address),
        NoProxy("another address", "0.0.0.1", Address),
        NoProxy("the beginning of the address", "0.0.", Address),
        NoProxy("a network", "0.0.0.0/8", Address),
        NoProxy("a network of one", "0.0.0.0/32", Address),
        NoProxy("a network among others", "10.0.0.0/8,0.0.0.0/8,.svc", Address),
        NoProxy("a network by another of its addresses", "0.1.2.3/8", Address),
        NoProxy("another network", "10.0.0.0/8", Address),
        NoProxy("everything as a network", "0.0.0.0/0", Address),
        NoProxy("a network with a port", "0.0.0.0/8:443", Address),
        NoProxy("a network that is none", "0.0.0.0/33", Address),
        NoProxy("a network for a name that leads into it", "127.0.0.0/8", Name),
        NoProxy("an IPv6 address", "::", Address6),
        NoProxy("an IPv6 address in brackets", "[::]", Address6),
        NoProxy("an IPv6 address in brackets with its port", "[::]:<port6:server>", Address6),
        NoProxy("an IPv6 address in brackets with another port", "[::]:1", Address6),
        NoProxy("an IPv6 address in another form", "0:0::0", Address6),
        NoProxy("an IPv6 network", "::/64", Address6),
        NoProxy("another IPv6 network", "fd00::/8", Address6),
        NoProxy("an IPv4 network for an IPv6 address", "0.0.0.0/0", Address6),
        NoProxy("the name", "api.table.test", Name),
        NoProxy("the name in capitals", "API.TABLE.TEST", Name),
        NoProxy("the name and its port", "api.table.test:<port:server>", Name),
        NoProxy("the name and another port", "api.table.test:1", Name),
        NoProxy("the name with a dot at its end", "api.table.test.", Name),
        NoProxy("the name with a dot before it", ".api.table.test", Name),
        NoProxy("its domain", "table.test", Name),
        NoProxy("its domain with a dot", ".table.test", Name),
        NoProxy("its domain with a dot and the port", ".table.test:<port:server>", Name),
        NoProxy("its top level", "test", Name),
        NoProxy("a part of a label", "le.test", Name),
        NoProxy("a name below it", "x.api.table.test", Name),
        NoProxy("a URL", "https://api.table.test", Name),
        NoProxy("commas alone", ",,", Name),
        NoProxy(
            "what Kubernetes' guides have",
            "localhost,127.0.0.1,10.0.0.0/8,192.168.0.0/16,.svc,.cluster.local,.table.test",
            Name
        ),
        Accepted("no_proxy") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", Http), ("no_proxy", "0.0.0.0")),
        },
        Accepted("NO_PROXY before no_proxy") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", Http), ("NO_PROXY", "a.test"), ("no_proxy", "*")),
        },
        Accepted("no_proxy where NO_PROXY is empty") with
        {
            Cluster = Address,
            Environment = Variables(("HTTPS_PROXY", Http), ("NO_PROXY", ""), ("no_proxy", "*")),
        },
        Accepted("NO_PROXY for a name with a dot at its end") with
        {
            Cluster = $"server: 'https://api.table.test.:<port:server>', {Ca}",
            Environment = Variables(("HTTPS_PROXY", Http), ("NO_PROXY", ".table.test")),
            Hosts = ["api.table.test", "api.table.test."],
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_takes_the_way_that_kubectl_takes(string row) => Table.Agree(row);

    private static Dictionary<string, string> Proxy() => Variables(("HTTPS_PROXY", Http));

    /// <summary>
    /// A server that is reached both directly and by the proxy: what is compared is whether the proxy was asked. To
    /// requests for [::] the server (Kestrel) answers 400.
    /// </summary>
    private static Row NoProxy(string name, string value, string cluster) =>
        (cluster == Address6 ? Refused($"NO_PROXY: {name}") : Accepted($"NO_PROXY: {name}")) with
        {
            Cluster = cluster,
            Environment = Variables(("HTTPS_PROXY", Http), ("NO_PROXY", value)),
            Hosts = cluster == Name ? ["api.table.test"] : [],
        };

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(v => v.Name, v => v.Value);
}
