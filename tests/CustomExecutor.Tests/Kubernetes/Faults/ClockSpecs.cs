using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>The runner's clock and the cluster's differ, as the API's answers show.</summary>
public sealed class ClockSpecs : IAsyncLifetime
{
    private readonly FaultBench _bench = new();

    public ValueTask InitializeAsync() => _bench.InitializeAsync();

    [Theory]
    [InlineData(20)]
    [InlineData(-120)]
    public async Task A_job_gets_certificates_that_both_clocks_accept(int minutesAhead)
    {
        await using var job = await _bench.Job();
        job.Proxy.ClockAhead = TimeSpan.FromMinutes(minutesAhead);

        (await job.Prepare()).Outcome.Should().Be(RunnerOutcome.Success, job.Record);

        using var certificate = X509CertificateLoader.LoadCertificateFromFile(
            Path.Join(job.Attempt.Paths.Certificates, "cert.pem")
        );
        foreach (var clock in (DateTime[])[DateTime.Now, DateTime.Now + job.Proxy.ClockAhead])
        {
            (certificate.NotBefore <= clock && clock <= certificate.NotAfter)
                .Should()
                .BeTrue($"{clock} is within {certificate.NotBefore} and {certificate.NotAfter}");
        }

        (await File.ReadAllTextAsync(job.Host.AdminLog, TestContext.Current.CancellationToken))
            .Should()
            .Contain("The clocks of this host and the API server differ by ");
        await job.IsCleanedUp();
    }

    [Fact]
    public async Task A_builder_that_is_given_up_leads_to_the_clocks()
    {
        await using var job = await _bench.Job(settings => settings["builder"]!["prepareTimeoutSeconds"] = 10);
        job.Proxy.ClockAhead = TimeSpan.FromMinutes(-20);
        _bench.Node.Starts = pod => pod.Schedule();

        (await job.Fails())
            .Should()
            .Contain("The builder was not ready within 10 s")
            .And.Contain("The clocks of this host and the API server differ by 20 min (this host is ahead)");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
