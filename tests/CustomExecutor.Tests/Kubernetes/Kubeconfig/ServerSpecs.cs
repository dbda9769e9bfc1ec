using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>How a server's address is written.</summary>
public sealed class ServerSpecs
{
    private const string Ca = "certificate-authority-data: <data:ca>";

    private static readonly Rows Table = new(
        Accepted("a slash at its end") with
        {
            Cluster = $"server: <url:server>/, {Ca}",
        },
        Accepted("a path") with
        {
            Cluster = $"server: <url:server>/k8s/clusters/c-1, {Ca}",
        },
        Accepted("a path and a slash at its end") with
        {
            Cluster = $"server: <url:server>/k8s/clusters/c-1/, {Ca}",
        },
        Accepted("a path with an escape") with
        {
            Cluster = $"server: '<url:server>/a%20b', {Ca}",
        },
        Accepted("two slashes at its end") with
        {
            Cluster = $"server: <url:server>//, {Ca}",
        },
        Accepted("an IPv6 address") with
        {
            Cluster = $"server: '<url6:server>', {Ca}",
        },
        Accepted("an IPv6 address with a path") with
        {
            Cluster = $"server: '<url6:server>/prefix', {Ca}",
        },
        Refused("an IPv6 address without brackets") with
        {
            Cluster = $"server: 'https://::1:<port6:server>', {Ca}",
        },
        Accepted("a scheme in capitals") with
        {
            Cluster = $"server: 'HTTPS://127.0.0.1:<port:server>', {Ca}",
        },
        Accepted("no TLS") with
        {
            Cluster = "server: <url:plain>",
        },
        Accepted("no TLS, a path") with
        {
            Cluster = "server: <url:plain>/prefix",
        },
        Accepted("no scheme: without TLS") with
        {
            Cluster = "server: '127.0.0.1:<port:plain>'",
        },
        Refused("no scheme, with a CA: still without TLS") with
        {
            Cluster = $"server: '127.0.0.1:<port:server>', {Ca}",
        },
        Refused("no scheme, with a path") with
        {
            Cluster = $"server: '127.0.0.1:<port:server>/prefix', {Ca}",
        },
        Refused("a name without a scheme, with a CA") with
        {
            Cluster = $"server: 'localhost:<port:server>', {Ca}",
        },
        Refused("no scheme, skipping TLS checks") with
        {
            Cluster = "server: '127.0.0.1:<port:server>', insecure-skip-tls-verify: true",
        },
        Refused("no scheme, with the user's certificate") with
        {
            Cluster = "server: '127.0.0.1:<port:server>', insecure-skip-tls-verify: true",
            User = "client-certificate-data: <data:p256.crt>, client-key-data: <data:p256.key>",
        },
        Refused("no port") with
        {
            Cluster = $"server: 'https://127.0.0.1', {Ca}",
        },
        Refused("a port that is none") with
        {
            Cluster = $"server: 'https://127.0.0.1:port', {Ca}",
        },
        Refused("a port that is too large") with
        {
            Cluster = $"server: 'https://127.0.0.1:70000', {Ca}",
        },
        Refused("a port at which nobody listens") with
        {
            Cluster = $"server: 'https://127.0.0.1:1', {Ca}",
            Says = ["127.0.0.1:1"],
        },
        Refused("a name that does not exist") with
        {
            Cluster = $"server: 'https://no-such-host.invalid:6443', {Ca}",
            Says = ["no-such-host.invalid"],
        },
        Accepted("a user in the address") with
        {
            Cluster = $"server: 'https://somebody@127.0.0.1:<port:server>', {Ca}",
        },
        Refused("a login in the address") with
        {
            Cluster = $"server: 'https://somebody:SECRETpassword@127.0.0.1:<port:server>', {Ca}",
            User = "",
        },
        Accepted("a login in the address and a token") with
        {
            Cluster = $"server: 'https://somebody:SECRETpassword@127.0.0.1:<port:server>', {Ca}",
        },
        Accepted("a query in the address") with
        {
            Cluster = $"server: '<url:server>/?a=b', {Ca}",
        },
        Accepted("a fragment in the address") with
        {
            Cluster = $"server: '<url:server>/#part', {Ca}",
            Differs = "kubectl asks for a path with a # in it, which no server has",
            Says = ["server"],
        },
        Accepted("a login with escapes in the address") with
        {
            Cluster = $"server: 'https://some%40body:SECRET%3A@127.0.0.1:<port:server>', {Ca}",
        },
        Accepted("a login in the address and a certificate") with
        {
            Cluster = $"server: 'https://somebody:SECRETpassword@127.0.0.1:<port:server>', {Ca}",
            User = "client-certificate-data: <data:p256.crt>, client-key-data: <data:p256.key>",
        },
        Accepted("a login in the address of a server without TLS") with
        {
            Cluster = "server: 'http://somebody:SECRETpassword@127.0.0.1:<port:plain>'",
        },
        Accepted("two slashes within a path") with
        {
            Cluster = $"server: <url:server>/a//b, {Ca}",
        },
        Accepted("a path with dots") with
        {
            Cluster = $"server: <url:server>/a/../b/./c, {Ca}",
        },
        Refused("another scheme") with
        {
            Cluster = $"server: 'ftp://127.0.0.1:<port:server>', {Ca}",
            Says = ["server"],
        },
        Refused("words") with
        {
            Cluster = $"server: 'not a url', {Ca}",
            Says = ["server"],
        },
        Refused("a blank before it") with
        {
            Cluster = $"server: ' <url:server>', {Ca}",
        },
        Refused("a blank behind it") with
        {
            Cluster = $"server: '<url:server> ', {Ca}",
        },
        Refused("a control character in it") with
        {
            Cluster = $"server: \"<url:server>/\\x01\", {Ca}",
        },
        Refused("an empty one") with
        {
            Cluster = $"server: '', {Ca}",
            Says = ["server"],
        },
        Refused("none") with
        {
            Cluster = Ca,
            Says = ["server"],
        },
        Refused("null") with
        {
            Cluster = $"server: null, {Ca}",
            Says = ["server"],
        },
        Refused("a number") with
        {
            Cluster = $"server: 6443, {Ca}",
        },
        Accepted("compression disabled") with
        {
            Cluster = $"server: <url:server>, {Ca}, disable-compression: true",
        },
        Refused("compression disabled by a text") with
        {
            Cluster = $"server: <url:server>, {Ca}, disable-compression: 'true'",
            Since = 26,
        },
        Refused("TLS checks skipped by a text") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: 'true'",
        },
        Refused("TLS checks skipped by yes, which is a text") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: \"yes\"",
        },
        Accepted("TLS checks skipped by yes, which YAML 1.1 takes as true") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: yes",
        },
        Accepted("TLS checks skipped by on, which YAML 1.1 takes as true") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: on",
        },
        Accepted("TLS checks skipped by True") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: True",
        },
        Refused("TLS checks skipped by 1") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: 1",
        },
        Refused("TLS checks skipped by null") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: null",
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_asks_the_server_that_kubectl_asks(string row) => Table.Agree(row);
}
