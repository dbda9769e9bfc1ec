using CustomExecutor.Builder;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Tests.Stages;

/// <summary>A record that holds a secret never prints it: it may end in a message or a log by mistake.</summary>
public sealed class SecretRecordSpecs
{
    private const string Secret = "a-secret";

    [Fact]
    public void Certificates_print_no_key()
    {
        var certificates = JobCertificates.Create("k8s-builder-1-x", DateTimeOffset.UtcNow, TimeSpan.FromHours(1));

        certificates.ToString().Should().Be(nameof(JobCertificates));
        certificates.Server.ToString().Should().Be(nameof(ServerCredentials));
    }

    [Fact]
    public void Logins_and_tokens_are_not_printed()
    {
        new PlayedJob { Id = 1, Token = Secret }
            .ToString()
            .Should()
            .NotContain(Secret);
        new JobCredentials("registry", "registry.example.com", "user", Secret).ToString().Should().NotContain(Secret);
        var response = new JobResponse
        {
            Id = 1,
            GitInfo = new GitInfo($"https://x:{Secret}@gitlab.example.com"),
            Credentials = [new JobCredentials("registry", "", "", Secret)],
        };
        response.ToString().Should().NotContain(Secret);
        new RunnerEnvironment(new Dictionary<string, string> { ["TOKEN"] = Secret })
            .ToString()
            .Should()
            .NotContain(Secret);
    }
}
