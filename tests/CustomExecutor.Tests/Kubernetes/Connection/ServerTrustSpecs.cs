using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.Tests.Kubernetes.Connection;

/// <summary>Which servers get the driver's credentials: those that kubectl would trust with the same kubeconfig, and no
/// others.</summary>
public sealed class ServerTrustSpecs
{
    private const string Accepted = "v1.36";
    private const string Token = "a-secret-token";

    private static readonly TestAuthority Ca = TestAuthority.Root();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "localhost")]
    [InlineData("localhost", "other.example,LOCALHOST,10.0.0.1")]
    public async Task A_server_of_the_right_name_is_accepted(string host, string names)
    {
        await using var server = await ConnectedServer.Start(Ca.Server(names.Split(',')));

        (await Ask(At(server, host))).Should().Be(Accepted);

        server.Requests.Should().ContainSingle().Which.Headers["Authorization"].Should().Be($"Bearer {Token}");
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.2", "127.0.0.2")]
    [InlineData("127.0.0.1", "localhost", "localhost")]
    [InlineData("localhost", "127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "localhost.example,*.localhost", "localhost.example, *.localhost")]
    [InlineData("localhost", "*", "*")]
    [InlineData("localhost", "", "no name at all")]
    public async Task A_server_of_another_name_gets_nothing(string host, string names, string shown)
    {
        await using var server = await ConnectedServer.Start(
            Ca.Server(names.Split(',', StringSplitOptions.RemoveEmptyEntries))
        );

        (await Ask(At(server, host)))
            .Should()
            .Be(
                $"The Kubernetes API can't be reached to ask for its version: {host}:{server.Port}: the server's "
                    + $"certificate is valid for {shown}, not for {host}\n"
                    + "Set the cluster's server to one of these names, or tls-server-name if the server is reached "
                    + "by another one, in context \"test\" of /etc/kubeconfig."
            );
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task The_subjects_common_name_is_not_a_name_of_the_server()
    {
        await using var server = await ConnectedServer.Start(Ca.ServerByCommonName("localhost"));

        (await Ask(At(server, "localhost"))).Should().Contain("valid for no name at all, not for localhost");
    }

    [Theory]
    [InlineData("api.example.com")]
    [InlineData("api.example.com.")]
    [InlineData("API.example.com")]
    [InlineData("node1.wild.example.com")]
    public async Task Tls_server_name_is_the_name_that_counts(string name)
    {
        await using var server = await ConnectedServer.Start(Ca.Server("api.example.com", "*.wild.example.com"));

        (await Ask(At(server) with { TlsServerName = name })).Should().Be(Accepted);

        server.Names.Should().Equal(name.TrimEnd('.'));
        server
            .Requests.Single()
            .Host.Should()
            .Be($"127.0.0.1:{server.Port}", "kubectl does not change the header Host either");
    }

    [Theory]
    [InlineData("nonsense.example.com")]
    [InlineData("a.b.wild.example.com")]
    [InlineData("wild.example.com")]
    [InlineData("127.0.0.1")]
    [InlineData("no name!")]
    public async Task A_wrong_tls_server_name_is_refused(string name)
    {
        await using var server = await ConnectedServer.Start(Ca.Server("api.example.com", "*.wild.example.com"));

        (await Ask(At(server) with { TlsServerName = name }))
            .Should()
            .Contain($"valid for api.example.com, *.wild.example.com, not for {name}");
        server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1", "")]
    [InlineData("localhost", "localhost")]
    public async Task A_name_is_sent_and_an_address_is_not(string host, string sent)
    {
        await using var server = await ConnectedServer.Start(Ca.Server(host));

        await Ask(At(server, host));

        server.Names.Should().Equal(sent);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused()
    {
        await using var server = await ConnectedServer.Start(TestAuthority.Root("somebody").Server("127.0.0.1"));

        (await Ask(At(server)))
            .Should()
            .Contain("the server's certificate is not trusted: it is issued by CN=somebody, which is not a known CA\n")
            .And.EndWith(
                "must hold the CA of this server: check it, and the server, in context \"test\" of /etc/kubeconfig."
            );
        server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_impostor_of_the_authoritys_name_is_refused(bool withKeyId)
    {
        await using var server = await ConnectedServer.Start(TestAuthority.Root("root", withKeyId).Server("127.0.0.1"));

        (await Ask(At(server))).Should().Contain("not trusted");
        server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(-3.0, -1.0, "has expired on ")]
    [InlineData(1.0, 3.0, "is not valid before ")]
    public async Task A_certificate_is_judged_by_this_hosts_clock_which_is_named(
        double from,
        double until,
        string cause
    )
    {
        await using var server = await ConnectedServer.Start(Ca.ServerValid(from, until, "127.0.0.1"));

        (await Ask(At(server)))
            .Should()
            .Contain($"the server's certificate {cause}")
            .And.Contain("; this host's clock shows ")
            .And.EndWith("\nSet this host's clock, or renew the API server's certificate.");
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_clients_certificate_does_not_make_a_server()
    {
        var client = Ca.Client("127.0.0.1");
        await using var impostor = RawTlsServer.Start(client);

        (await Api.Ask(Api.At($"https://127.0.0.1:{impostor.Port}", Ca), TestCredentials.Token(Token)))
            .Should()
            .Contain("the server's certificate is not a server's certificate");
    }

    [Fact]
    public async Task Insecure_skip_tls_verify_accepts_any()
    {
        await using var server = await ConnectedServer.Start(
            TestAuthority.Root("somebody").ServerValid(-3, -1, "other.example")
        );

        (await Ask(At(server) with { InsecureSkipTlsVerify = true, CertificateAuthority = null }))
            .Should()
            .Be(Accepted);
    }

    [Fact]
    public async Task Every_certificate_of_a_bundle_counts()
    {
        var other = TestAuthority.Root("other");
        await using var server = await ConnectedServer.Start(Ca.Server("127.0.0.1"));

        foreach (
            var bundle in (string[])
                [
                    $"{other.Pem}\n{Ca.Pem}\n",
                    $"{Ca.Pem}\n{other.Pem}",
                    $"# a comment\n\n{other.Pem}\r\n\r\nCertificate:\n  Data: text of openssl\n{Ca.Pem}",
                ]
        )
        {
            (await Ask(At(server) with { CertificateAuthority = bundle })).Should().Be(Accepted);
        }

        (await Ask(At(server) with { CertificateAuthority = other.Pem })).Should().Contain("not trusted");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_authority_whose_key_was_renewed_counts_with_both_keys(bool withKeyId)
    {
        var (old, renewed) = (TestAuthority.Root("rollover", withKeyId), TestAuthority.Root("rollover", withKeyId));
        await using var before = await ConnectedServer.Start(old.Server("127.0.0.1"));
        await using var after = await ConnectedServer.Start(renewed.Server("127.0.0.1"));

        foreach (var bundle in (string[])[$"{old.Pem}\n{renewed.Pem}", $"{renewed.Pem}\n{old.Pem}"])
        {
            (await Ask(At(before) with { CertificateAuthority = bundle })).Should().Be(Accepted);
            (await Ask(At(after) with { CertificateAuthority = bundle })).Should().Be(Accepted);
        }
    }

    [Fact]
    public async Task An_intermediate_that_the_server_sends_leads_to_the_root()
    {
        var intermediate = Ca.Intermediate();
        await using var complete = await ConnectedServer.Start(
            intermediate.Server("127.0.0.1"),
            [intermediate.Certificate]
        );
        await using var incomplete = await ConnectedServer.Start(intermediate.Server("127.0.0.1"), []);

        (await Ask(At(complete))).Should().Be(Accepted);
        (await Ask(At(incomplete))).Should().Contain("issued by CN=intermediate");
        (await Ask(At(incomplete) with { CertificateAuthority = $"{Ca.Pem}\n{intermediate.Pem}" }))
            .Should()
            .Be(Accepted);
    }

    [Fact]
    public async Task An_intermediate_can_be_the_authority_itself_as_in_Go()
    {
        var intermediate = Ca.Intermediate();
        await using var server = await ConnectedServer.Start(
            intermediate.Server("127.0.0.1"),
            [intermediate.Certificate]
        );

        (await Ask(At(server) with { CertificateAuthority = intermediate.Pem })).Should().Be(Accepted);
    }

    [Fact]
    public async Task A_servers_own_certificate_can_be_the_authority_as_in_Go()
    {
        var certificate = Ca.Server("127.0.0.1");
        await using var server = await ConnectedServer.Start(certificate, []);
        await using var another = await ConnectedServer.Start(Ca.Server("127.0.0.1"), []);
        var pinned = At(server) with { CertificateAuthority = certificate.ExportCertificatePem() };

        (await Ask(pinned)).Should().Be(Accepted);
        (await Ask(pinned with { Server = At(another).Server }))
            .Should()
            .Contain("not trusted", "it has the same name, key usage and issuer, and is another");
    }

    [Fact]
    public async Task What_an_impostor_of_an_intermediate_signs_is_refused()
    {
        var intermediate = Ca.Intermediate();
        var impostor = TestAuthority.Root("root").Intermediate();
        foreach (
            var chain in (X509Certificate2Collection[])
                [
                    [intermediate.Certificate],
                    [impostor.Certificate],
                    [impostor.Certificate, intermediate.Certificate],
                    [],
                ]
        )
        {
            await using var server = await ConnectedServer.Start(impostor.Server("127.0.0.1"), chain);

            foreach (var bundle in (string[])[intermediate.Pem, Ca.Pem, $"{intermediate.Pem}\n{Ca.Pem}"])
                (await Ask(At(server) with { CertificateAuthority = bundle })).Should().Contain("not trusted");
            server.Requests.Should().BeEmpty();
        }
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_under_an_intermediate_authority_too()
    {
        var intermediate = Ca.Intermediate();
        await using var server = await ConnectedServer.Start(
            intermediate.ServerValid(-3, -1, "127.0.0.1"),
            [intermediate.Certificate]
        );

        (await Ask(At(server) with { CertificateAuthority = intermediate.Pem })).Should().Contain("has expired on ");
    }

    [Theory]
    [InlineData("", "there is no certificate in it")]
    [InlineData("no certificate", "there is no certificate in it")]
    [InlineData(
        "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n",
        "a certificate in it cannot be read"
    )]
    public async Task An_authority_that_is_not_one_is_named(string text, string cause) =>
        (await Api.Ask(Api.At("https://127.0.0.1:1") with { CertificateAuthority = text }))
            .Should()
            .Be($"certificate-authority of context \"test\" of /etc/kubeconfig: {cause}. It must be PEM text.");

    private static ClusterConnection At(ConnectedServer server, string host = "127.0.0.1") =>
        Api.At($"https://{host}:{server.Port}", Ca);

    private static Task<string> Ask(ClusterConnection connection) => Api.Ask(connection, TestCredentials.Token(Token));
}
