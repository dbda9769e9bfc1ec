using System.Net;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Builder;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>Jobs beside each other on one host and in one namespace.</summary>
public sealed class TwoJobsSpecs : IAsyncLifetime
{
    private Bench _bench = null!;
    private JobAttempt _one = null!;
    private JobAttempt _two = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await Bench.Create();
        (_one, _two) = (_bench.Attempt(new PlayedJob { Id = 4711 }), _bench.Attempt(new PlayedJob { Id = 4712 }));
        await Task.WhenAll(_one.BecomeReady(), _two.BecomeReady());
    }

    [Fact]
    public async Task Each_has_a_pod_and_a_workspace_of_its_own()
    {
        (await _bench.Namespace.Pods())
            .Select(p => p.Metadata.Name)
            .Should()
            .BeEquivalentTo(_one.State.Builder, _two.State.Builder);
        _one.Workspace.Should().NotBe(_two.Workspace);
        foreach (var attempt in new[] { _one, _two })
        {
            (await attempt.Run("test -d \"$PWD\"; echo $BUILDX_BUILDER"))
                .Output.Should()
                .Be($"{attempt.State.Builder}\n");
        }
    }

    [Fact]
    public async Task Each_can_use_its_own_builder_and_neither_the_others()
    {
        foreach (var (job, other) in new[] { (_one, _two), (_two, _one) })
        {
            (await Probe(job, with: job)).Answers.Should().BeTrue();
            // Even with the other's CA, which is no secret.
            var theft = await Probe(other, with: job);
            theft.Answers.Should().BeFalse();
            theft.Problem.Should().StartWith("first bytes: ");
        }
    }

    [Fact]
    public async Task The_end_of_one_does_not_touch_the_other()
    {
        await _one.CleanUp();

        await Eventually.True(async () => (await _bench.Namespace.Pods()).Count == 1, "the one's pod is gone");
        (await _bench.Namespace.OnlySecret()).Metadata.Name.Should().Be(_two.State.Builder);
        (await Probe(_two, with: _two)).Answers.Should().BeTrue();
        (await _two.Run("cat $BUILDX_CONFIG/instances/$BUILDX_BUILDER && pwd"))
            .Verdict.Outcome.Should()
            .Be(RunnerOutcome.Success);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>Tries one job's builder with the client's certificate of another.</summary>
    private async Task<ConnectionTry> Probe(JobAttempt builder, JobAttempt with)
    {
        var pod = (await _bench.Namespace.Pods()).Single(p => p.Metadata.Name == builder.State.Builder);
        var files = with.Paths.Certificates;
        var certificates = JobCertificates.Create("unused", DateTimeOffset.UtcNow, TimeSpan.FromHours(1)) with
        {
            Ca = X509CertificateLoader.LoadCertificateFromFile(
                Path.Join(builder.Paths.Certificates, SecretManifest.Ca)
            ),
            Client = X509Certificate2.CreateFromPemFile(
                Path.Join(files, SecretManifest.Certificate),
                Path.Join(files, SecretManifest.Key)
            ),
        };
        var probe = new EndpointProbe(
            new BuilderEndpoint(IPAddress.Parse(pod.Status.PodIP), pod.Metadata.Name),
            certificates,
            TimeProvider.System
        );
        var result = new ConnectionTry(false, false);
        await Eventually.True(
            async () =>
                !(result = await probe.Try(TestContext.Current.CancellationToken)).Problem.Contains(
                    "no answer within",
                    StringComparison.Ordinal
                ),
            "the builder answers"
        );
        return result;
    }
}
