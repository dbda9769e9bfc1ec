using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>Which servers are trusted: kubectl's verdict is the driver's.</summary>
public sealed class TlsSpecs
{
    private static readonly Rows Table = new(
        Accepted("the CA as data"),
        Accepted("the CA as a file") with
        {
            Cluster = "server: <url:server>, certificate-authority: <file:ca>",
        },
        Accepted("the CA as a file with a relative path") with
        {
            Cluster = "server: <url:server>, certificate-authority: <name:ca>",
        },
        Refused("the CA as data and another as a file") with
        {
            Cluster =
                "server: <url:server>, certificate-authority: <file:other-ca>, certificate-authority-data: <data:ca>",
        },
        Refused("another CA as data and the CA as a file") with
        {
            Cluster =
                "server: <url:server>, certificate-authority: <file:ca>, certificate-authority-data: <data:other-ca>",
        },
        Refused("another CA") with
        {
            Cluster = "server: <url:other-ca>, certificate-authority-data: <data:ca>",
        },
        Refused("another CA with the same name") with
        {
            Cluster = "server: <url:same-name-ca>, certificate-authority-data: <data:ca>",
        },
        Refused("no CA, and the host does not know it") with
        {
            Cluster = "server: <url:server>",
        },
        Accepted("no CA, and the host knows it") with
        {
            Cluster = "server: <url:server>",
            Environment = new Dictionary<string, string>
            {
                ["SSL_CERT_FILE"] = "<file:ca>",
                ["SSL_CERT_DIR"] = "<dir>/home",
            },
        },
        Refused("a CA that the host knows and the kubeconfig does not") with
        {
            Cluster = "server: <url:other-ca>, certificate-authority-data: <data:ca>",
            Environment = new Dictionary<string, string>
            {
                ["SSL_CERT_FILE"] = "<file:other-ca>",
                ["SSL_CERT_DIR"] = "<dir>/home",
            },
        },
        Refused("a server with another name and the right CA") with
        {
            Cluster = "server: <url:other-name>, certificate-authority-data: <data:ca>",
        },
        Refused("an address that is only a common name") with
        {
            Cluster = "server: <url:address-as-dns>, certificate-authority-data: <data:ca>",
        },
        Refused("a name that is only a common name") with
        {
            Cluster = "server: 'https://localhost:<port:common-name>', certificate-authority-data: <data:ca>",
        },
        Accepted("a server by its name") with
        {
            Cluster = "server: 'https://localhost:<port:dns-name>', certificate-authority-data: <data:ca>",
        },
        Refused("a server by its address, with a name in its certificate") with
        {
            Cluster = "server: <url:dns-name>, certificate-authority-data: <data:ca>",
        },
        Accepted("a wildcard") with
        {
            Cluster = "server: 'https://api.table.test:<port:wildcard>', certificate-authority-data: <data:ca>",
            Hosts = ["api.table.test"],
        },
        Refused("a wildcard for two labels") with
        {
            Cluster = "server: 'https://a.b.table.test:<port:wildcard>', certificate-authority-data: <data:ca>",
            Hosts = ["a.b.table.test"],
        },
        Refused("a wildcard for none") with
        {
            Cluster = "server: 'https://table.test:<port:wildcard>', certificate-authority-data: <data:ca>",
            Hosts = ["table.test"],
        },
        Accepted("a name in capitals") with
        {
            Cluster = "server: 'https://API.Table.Test:<port:server>', certificate-authority-data: <data:ca>",
            Hosts = ["api.table.test"],
        },
        Accepted("a name with a dot at its end") with
        {
            Cluster = "server: 'https://api.table.test.:<port:server>', certificate-authority-data: <data:ca>",
            Hosts = ["api.table.test", "api.table.test."],
        },
        Accepted("an IPv6 address") with
        {
            Cluster = "server: '<url6:server>', certificate-authority-data: <data:ca>",
        },
        Refused("an IPv6 address with another certificate") with
        {
            Cluster = "server: '<url6:other-name>', certificate-authority-data: <data:ca>",
        },
        Accepted("tls-server-name that is right") with
        {
            Cluster =
                "server: <url:other-name>, certificate-authority-data: <data:ca>, tls-server-name: api.elsewhere.test",
        },
        Accepted("tls-server-name that is an address") with
        {
            Cluster = "server: <url:other-name>, certificate-authority-data: <data:ca>, tls-server-name: 10.0.0.1",
        },
        Refused("tls-server-name that is wrong") with
        {
            Cluster =
                "server: <url:server>, certificate-authority-data: <data:ca>, tls-server-name: nonsense.example.com",
        },
        Refused("tls-server-name that is wrong by a label") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:ca>, tls-server-name: table.test",
        },
        Accepted("tls-server-name that is empty") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:ca>, tls-server-name: ''",
        },
        Accepted("tls-server-name with the host's CAs") with
        {
            Cluster = "server: <url:other-name>, tls-server-name: api.elsewhere.test",
            Environment = new Dictionary<string, string>
            {
                ["SSL_CERT_FILE"] = "<file:ca>",
                ["SSL_CERT_DIR"] = "<dir>/home",
            },
        },
        Accepted("insecure-skip-tls-verify") with
        {
            Cluster = "server: <url:other-ca>, insecure-skip-tls-verify: true",
        },
        Accepted("insecure-skip-tls-verify with another name") with
        {
            Cluster = "server: <url:other-name>, insecure-skip-tls-verify: true",
        },
        Accepted("insecure-skip-tls-verify with an expired certificate") with
        {
            Cluster = "server: <url:expired>, insecure-skip-tls-verify: true",
        },
        Accepted("insecure-skip-tls-verify with tls-server-name") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: true, tls-server-name: any.example.com",
        },
        Refused("insecure-skip-tls-verify: false") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: false",
        },
        Refused("insecure-skip-tls-verify with a CA as data") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: true, certificate-authority-data: <data:ca>",
            Says = ["insecure-skip-tls-verify"],
        },
        Refused("insecure-skip-tls-verify with a CA as a file") with
        {
            Cluster = "server: <url:server>, insecure-skip-tls-verify: true, certificate-authority: <file:ca>",
            Says = ["insecure-skip-tls-verify"],
        },
        Refused("an expired certificate") with
        {
            Cluster = "server: <url:expired>, certificate-authority-data: <data:ca>",
        },
        Refused("a certificate of the future") with
        {
            Cluster = "server: <url:future>, certificate-authority-data: <data:ca>",
        },
        Refused("a client's certificate as a server's") with
        {
            Cluster = "server: <url:client-usage>, certificate-authority-data: <data:ca>",
        },
        Accepted("an intermediate CA that the server sends") with
        {
            Cluster = "server: <url:intermediate>, certificate-authority-data: <data:ca>",
        },
        Refused("an intermediate CA that nobody has") with
        {
            Cluster = "server: <url:intermediate-missing>, certificate-authority-data: <data:ca>",
        },
        Accepted("an intermediate CA as the CA") with
        {
            Cluster = "server: <url:intermediate>, certificate-authority-data: <data:intermediate-ca>",
        },
        Accepted("an intermediate CA as the CA, not sent") with
        {
            Cluster = "server: <url:intermediate-missing>, certificate-authority-data: <data:intermediate-ca>",
        },
        Accepted("a server's certificate that signs itself, as the CA") with
        {
            Cluster = "server: <url:self-signed>, certificate-authority-data: <data:leaf-self-signed>",
        },
        Refused("a server's certificate that signs itself") with
        {
            Cluster = "server: <url:self-signed>, certificate-authority-data: <data:ca>",
        },
        Accepted("a server's certificate of an unknown CA, as the CA") with
        {
            Cluster = "server: <url:other-ca>, certificate-authority-data: <data:leaf-other-ca>",
        },
        Refused("another server's certificate as the CA") with
        {
            Cluster = "server: <url:other-ca>, certificate-authority-data: <data:leaf-server>",
        },
        Refused("a certificate that is not a CA's has signed it") with
        {
            Cluster = "server: <url:no-ca>, certificate-authority-data: <data:no-ca>",
        },
        Accepted("a bundle, the right one second") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:bundle>",
        },
        Accepted("a bundle as a file, the right one second") with
        {
            Cluster = "server: <url:server>, certificate-authority: <file:bundle>",
        },
        Accepted("a bundle, the right one first") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:bundle-ca-first>",
        },
        Accepted("a bundle of CAs with the same name") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:bundle-same-name>",
        },
        Accepted("a bundle with text around") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:bundle-with-text>",
        },
        Accepted("a bundle with a key in it") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:bundle-with-key>",
        },
        Accepted("a CA with CRLF") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:ca-crlf>",
        },
        Accepted("a CA without a newline at its end") with
        {
            Cluster = "server: <url:server>, certificate-authority: <file:ca-without-newline>",
        },
        Refused("half a CA") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:ca-half>",
            Says = ["certificate-authority-data"],
        },
        Refused("half a CA as a file") with
        {
            Cluster = "server: <url:server>, certificate-authority: <file:ca-half>",
            Says = ["ca-half"],
        },
        Accepted("a CA and half another") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:bundle-half>",
        },
        Accepted("a bundle with one that is broken") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:bundle-broken>",
        },
        Refused("words as a CA") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: <data:words>",
        },
        Refused("an empty file as the CA") with
        {
            Cluster = "server: <url:server>, certificate-authority: <file:empty>",
        },
        Refused("a CA that is not base64") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: '%%%'",
            Says = ["certificate-authority-data"],
        },
        Refused("a CA as PEM where base64 belongs") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: '-----BEGIN CERTIFICATE-----'",
        },
        Refused("an empty CA") with
        {
            Cluster = "server: <url:server>, certificate-authority-data: ''",
        },
        Refused("a CA file that is missing") with
        {
            Cluster = "server: <url:server>, certificate-authority: none.crt",
            Says = ["none.crt"],
        },
        Refused("a CA file that is a directory") with
        {
            Cluster = "server: <url:server>, certificate-authority: home",
            Says = ["home"],
        },
        Accepted("a CA for a server without TLS") with
        {
            Cluster = "server: <url:plain>, certificate-authority-data: <data:ca>",
        },
        Refused("TLS to a server without it") with
        {
            Cluster = "server: 'https://127.0.0.1:<port:plain>', certificate-authority-data: <data:ca>",
        },
        Refused("no TLS to a server with it") with
        {
            Cluster = "server: 'http://127.0.0.1:<port:server>', certificate-authority-data: <data:ca>",
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_trusts_whom_kubectl_trusts(string row) => Table.Agree(row);
}
