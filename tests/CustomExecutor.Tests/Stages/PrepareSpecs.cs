using System.Globalization;
using System.Text;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>What prepare makes in the cluster; each spec looks at the objects as the API server has stored
/// them.</summary>
public sealed class PrepareSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new()
    {
        Id = 4711,
        ProjectId = 42,
        Name = "build image",
        RepoUrl = "https://gitlab.example.com/group/project.git",
        Timeout = TimeSpan.FromMinutes(30),
    };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

    [Fact]
    public async Task A_job_gets_one_rootless_pod()
    {
        await _bench.Ready(Job);

        var pod = await _bench.Namespace.OnlyPod();
        pod.Metadata.Name.Should().MatchRegex("^k8s-builder-4711-[a-z0-9]{8}$");
        pod.Spec.RestartPolicy.Should().Be("Never");
        pod.Spec.ActiveDeadlineSeconds.Should().Be(30 * 60 + (long)BuilderPlanner.GraceAfterTimeout.TotalSeconds);
        pod.Spec.AutomountServiceAccountToken.Should().BeFalse();
        pod.Spec.EnableServiceLinks.Should().BeFalse();
        (pod.Spec.HostNetwork, pod.Spec.HostPID, pod.Spec.HostIPC).Should().Be((null, null, null));
        var security = pod.Spec.SecurityContext;
        (security.RunAsUser, security.RunAsGroup, security.FsGroup, security.RunAsNonRoot)
            .Should()
            .Be((1000, 1000, 1000, true));
        security.SeccompProfile.Type.Should().Be("Unconfined", "rootlesskit begins with a user namespace");
        pod.Metadata.Annotations.Should()
            .Contain(
                "container.apparmor.security.beta.kubernetes.io/buildkitd",
                "unconfined",
                "Kubernetes 1.20 has no field for it"
            );
        pod.Spec.Volumes.Select(v =>
                (
                    v.Name,
                    Kind: v.Secret is not null ? "secret"
                    : v.EmptyDir is not null ? "emptyDir"
                    : "other"
                )
            )
            .Should()
            .Equal(("config", "secret"), ("state", "emptyDir"));
    }

    [Fact]
    public async Task Its_one_container_has_two_capabilities_and_no_privilege()
    {
        await _bench.Ready(Job);

        var container = (await _bench.Namespace.OnlyPod()).Spec.Containers.Should().ContainSingle().Subject;
        container.SecurityContext.Capabilities.Drop.Should().Equal("ALL");
        container.SecurityContext.Capabilities.Add.Should().BeEquivalentTo("SETUID", "SETGID");
        container.SecurityContext.Privileged.Should().NotBe(true);
        container.Image.Should().Contain("@sha256:", "what runs for every job does not change by itself");
        container.Resources.Requests.Should().ContainKeys("cpu", "memory");
        container.Resources.Limits.Should().ContainKeys("cpu", "memory");
        container
            .Args.Should()
            .ContainInOrder("--tlscacert", "/etc/buildkit/ca.pem")
            .And.Contain("--oci-worker-no-process-sandbox");
        container.ReadinessProbe.Should().BeNull("the driver's own handshake tells when it is ready");
    }

    [Fact]
    public async Task Pod_and_secret_lead_back_to_the_job()
    {
        await _bench.Ready(Job);

        foreach (
            var meta in new[]
            {
                (await _bench.Namespace.OnlyPod()).Metadata,
                (await _bench.Namespace.OnlySecret()).Metadata,
            }
        )
        {
            meta.Labels.Should()
                .Equal(
                    new Dictionary<string, string>
                    {
                        ["app.kubernetes.io/managed-by"] = "custom-executor",
                        ["app.kubernetes.io/component"] = "builder",
                        ["custom-executor/instance"] = "gitlab",
                        ["custom-executor/job-id"] = "4711",
                        ["custom-executor/project-id"] = "42",
                    }
                );
            meta.Annotations.Should()
                .Contain("custom-executor/job-url", "https://gitlab.example.com/group/project/-/jobs/4711")
                .And.Contain("custom-executor/project-url", "https://gitlab.example.com/group/project")
                .And.Contain("custom-executor/job-name", "build image");
            DateTimeOffset
                .Parse(meta.Annotations["custom-executor/expires-at"], CultureInfo.InvariantCulture)
                .Should()
                .BeAfter(DateTimeOffset.UtcNow);
        }
    }

    [Fact]
    public async Task The_builders_half_of_the_certificates_is_a_secret_that_the_pod_owns()
    {
        var attempt = await _bench.Ready(Job);

        var (pod, secret) = (await _bench.Namespace.OnlyPod(), await _bench.Namespace.OnlySecret());
        secret.Metadata.Name.Should().Be(pod.Metadata.Name);
        var owner = secret.Metadata.OwnerReferences.Should().ContainSingle().Subject;
        (owner.Kind, owner.Name, owner.Uid).Should().Be(("Pod", pod.Metadata.Name, pod.Metadata.Uid));
        secret.Immutable.Should().BeTrue();
        secret.Data.Keys.Should().BeEquivalentTo("ca.pem", "cert.pem", "key.pem", "buildkitd.toml");
        var clientKey = await File.ReadAllTextAsync(
            Path.Join(attempt.Paths.Certificates, "key.pem"),
            TestContext.Current.CancellationToken
        );
        secret
            .Data.Values.Select(Encoding.UTF8.GetString)
            .Should()
            .NotContain(clientKey, "the builder has no use for the client's half");
    }

    [Fact]
    public async Task The_author_is_told_what_goes_on_in_a_few_lines()
    {
        var attempt = _bench.Attempt(Job);
        // A builder may be ready before the event of its pull arrives.
        _bench.Node.Starts = pod =>
            pod.StartBuildkitd(() =>
                Eventually.True(() => attempt.Log.Text.Contains("Pulling image"), "the pull is reported")
            );
        await attempt.BecomeReady();

        var pod = await _bench.Namespace.OnlyPod();
        attempt.Log.Lines.Should().HaveCount(4);
        attempt.Log.Lines[0].Should().Be($"Created builder {pod.Metadata.Name} in namespace {_bench.Namespace.Name}");
        attempt
            .Log.Lines[1..3]
            .Should()
            .BeEquivalentTo("Scheduled on node node-1", $"Pulling image \"{BuilderSettings.DefaultImage}\"");
        attempt.Log.Lines[3].Should().MatchRegex(@"^BuildKit is ready after \d+\.\d s$");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
