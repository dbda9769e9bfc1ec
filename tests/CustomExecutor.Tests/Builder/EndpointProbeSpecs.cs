using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Builder;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Testing.Cluster;

namespace CustomExecutor.Tests.Builder;

public sealed class EndpointProbeSpecs
{
    private readonly JobCertificates _mine = JobCertificates.Create(
        "k8s-builder-1-mine",
        DateTimeOffset.UtcNow,
        TimeSpan.FromHours(1)
    );
    private readonly JobCertificates _others = JobCertificates.Create(
        "k8s-builder-2-others",
        DateTimeOffset.UtcNow,
        TimeSpan.FromHours(1)
    );

    [Fact]
    public async Task My_own_builder_answers_me()
    {
        await using var builder = BuildkitDaemon.Start(_mine.Server);

        var result = await UntilAnswered(builder.Address, "k8s-builder-1-mine", _mine);

        result.Should().Be(new ConnectionTry(true, true));
    }

    [Fact]
    public async Task Another_jobs_builder_refuses_my_certificate_and_I_am_told_so()
    {
        await using var builder = BuildkitDaemon.Start(_others.Server);
        // The worst case: a thief who has come by the other job's CA certificate, which is no secret, but not by its
        // key.
        var thief = _mine with
        {
            Ca = _others.Ca,
        };

        var result = await UntilAnswered(builder.Address, "k8s-builder-2-others", thief);

        result.Answers.Should().BeFalse();
        result
            .Problem.Should()
            .StartWith("first bytes: ", "in TLS 1.3 the refusal comes only there")
            .And.Contain("alert", "that is what the server sent");
    }

    [Fact]
    public async Task A_builder_whose_certificate_is_of_another_CA_is_not_believed()
    {
        await using var builder = BuildkitDaemon.Start(_others.Server);

        var result = await UntilAnswered(builder.Address, "k8s-builder-2-others", _mine);

        result.Answers.Should().BeFalse();
        result.Problem.Should().StartWith("TLS handshake: ").And.Contain("certificate");
    }

    [Fact]
    public async Task A_builder_of_another_name_is_not_believed()
    {
        await using var builder = BuildkitDaemon.Start(_mine.Server);

        var result = await UntilAnswered(builder.Address, "k8s-builder-1-another", _mine);

        result.Answers.Should().BeFalse();
        result.Problem.Should().StartWith("TLS handshake: ").And.Contain("RemoteCertificateNameMismatch");
    }

    [Theory]
    [InlineData(-7200)]
    [InlineData(0)]
    [InlineData(7200)]
    public void A_jobs_certificates_are_valid_by_this_hosts_clock_and_by_the_clusters(int clusterAhead)
    {
        var (now, ahead, lifetime) = (DateTimeOffset.UtcNow, TimeSpan.FromSeconds(clusterAhead), TimeSpan.FromHours(1));

        var certificates = JobCertificates.Create("k8s-builder-1-mine", now, lifetime, ahead);

        foreach (
            var certificate in (X509Certificate2[])
                [certificates.Ca, certificates.Client, X509Certificate2.CreateFromPem(certificates.Server.Certificate)]
        )
        {
            foreach (var clock in (DateTimeOffset[])[now, now + ahead, now + lifetime, now + ahead + lifetime])
            {
                (certificate.NotBefore, certificate.NotAfter)
                    .Should()
                    .Match<(DateTime From, DateTime Until)>(v =>
                        v.From <= clock.LocalDateTime && clock.LocalDateTime <= v.Until
                    );
            }
        }
    }

    [Fact]
    public async Task Where_nobody_listens_the_connection_is_refused()
    {
        var result = await Try(BuildkitDaemon.FreshAddress(), "k8s-builder-1-mine", _mine);

        result.Should().Be(new ConnectionTry(false, false, "connecting: Connection refused"));
    }

    [Fact]
    public async Task An_address_that_swallows_packets_is_given_up()
    {
        await using var hole = new PacketHole();

        var result = await Try(hole.Address, "k8s-builder-1-mine", _mine);

        result.Should().Be(new ConnectionTry(false, false, "connecting: no answer within 2 s"));
    }

    [Fact]
    public async Task A_listener_that_says_nothing_is_given_up()
    {
        var address = BuildkitDaemon.FreshAddress();
        using var silent = new TcpListener(address, BuilderSpec.Port);
        silent.Start();

        var result = await Try(address, "k8s-builder-1-mine", _mine);

        result.Should().Be(new ConnectionTry(false, true, "TLS handshake: no answer within 2 s"));
    }

    [Fact]
    public async Task A_probe_can_be_called_off()
    {
        await using var hole = new PacketHole();
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var probing = () =>
            new EndpointProbe(new BuilderEndpoint(hole.Address, "any"), _mine, TimeProvider.System).Try(end.Token);

        await probing.Should().ThrowAsync<OperationCanceledException>();
    }

    private static Task<ConnectionTry> Try(IPAddress address, string name, JobCertificates certificates) =>
        new EndpointProbe(new BuilderEndpoint(address, name), certificates, TimeProvider.System).Try(
            TestContext.Current.CancellationToken
        );

    private static async Task<ConnectionTry> UntilAnswered(IPAddress address, string name, JobCertificates certificates)
    {
        var result = new ConnectionTry(false, false);
        // On a busy machine buildkitd may listen and need longer than a try for the rest.
        await Eventually.True(
            async () =>
                (result = await Try(address, name, certificates)).Listens
                && !result.Problem.Contains("no answer within", StringComparison.Ordinal),
            "buildkitd answers"
        );
        return result;
    }
}
