using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Testing.Cluster;
using k8s;
using static CustomExecutor.Tests.JobPod.JobPodFixtures;

namespace CustomExecutor.Tests.JobPod;

/// <summary>A job's pod in all its shapes, as a real API server takes it. Nothing is stored.</summary>
public sealed class JobPodApiSpecs : IAsyncLifetime
{
    private const string Plain = """{"id": 4711}""";

    private TestNamespace _namespace = null!;
    private ServerVersion _server = null!;

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _namespace = await TestNamespace.Create();
        var version = await TestCluster.Admin.Version.GetCodeAsync(TestEnds);
        _server = ServerVersion.Parse(version.Major, version.Minor);
    }

    [Theory]
    [InlineData(Plain, "{}")]
    [InlineData(FullJob, "{}")]
    [InlineData(FullJob, FullSettings)]
    [InlineData(Plain, FullSettings)]
    [InlineData(FullJob, """{"job": {"securityContext": "restricted"}}""")]
    [InlineData(FullJob, """{"job": {"runAsUser": 0, "runAsGroup": 0}, "tools": {"from": "copy"}}""")]
    [InlineData(
        FullJob,
        """{"job": {"resources": {"requests": {}, "limits": {}}}, "helper": {"resources": {"requests": {}, "limits": {}}}}"""
    )]
    public async Task The_server_takes_every_field_as_it_was_sent(string job, string settings)
    {
        var sent = JobPodManifest.Create(Spec(job, settings, _server, _namespace.Name));

        var taken = await TestCluster.Admin.CoreV1.CreateNamespacedPodAsync(
            sent,
            _namespace.Name,
            dryRun: "All",
            fieldValidation: "Strict",
            cancellationToken: TestEnds
        );

        // An older server drops a field that it does not know without a word.
        taken.Spec.Containers.Select(c => c.Name).Should().Equal(sent.Spec.Containers.Select(c => c.Name));
        for (var i = 0; i < sent.Spec.Containers.Count; i++)
        {
            taken.Spec.Containers[i].SecurityContext.Should().BeEquivalentTo(sent.Spec.Containers[i].SecurityContext);
            taken.Spec.Containers[i].VolumeMounts.Should().BeEquivalentTo(sent.Spec.Containers[i].VolumeMounts);
            taken.Spec.Containers[i].Command.Should().Equal(sent.Spec.Containers[i].Command);
        }

        taken.Spec.Volumes.Select(v => v.Name).Should().Equal(sent.Spec.Volumes.Select(v => v.Name));
        (taken.Spec.Volumes.Single(v => v.Name == "tools").Image is not null)
            .Should()
            .Be(sent.Spec.Volumes.Single(v => v.Name == "tools").Image is not null);
        taken.Spec.HostAliases.Should().BeEquivalentTo(sent.Spec.HostAliases);
        taken.Spec.DnsConfig.Should().BeEquivalentTo(sent.Spec.DnsConfig);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(29)]
    public async Task A_newer_server_takes_what_is_sent_to_an_older_one(int minor)
    {
        Assert.SkipWhen(_server.Minor < minor, "This API server is older.");
        var pod = JobPodManifest.Create(Spec(FullJob, FullSettings, new ServerVersion(1, minor), _namespace.Name));

        await TestCluster.Admin.CoreV1.CreateNamespacedPodAsync(
            pod,
            _namespace.Name,
            dryRun: "All",
            cancellationToken: TestEnds
        );
    }

    [Theory]
    [InlineData(Plain, "Opaque")]
    [InlineData(FullJob, "kubernetes.io/dockerconfigjson")]
    public async Task The_server_takes_the_secret(string job, string type)
    {
        var secret = JobSecretManifest.Create(Spec(job, "{}", _server, _namespace.Name), Guid.NewGuid().ToString());

        var taken = await TestCluster.Admin.CoreV1.CreateNamespacedSecretAsync(
            secret,
            _namespace.Name,
            dryRun: "All",
            cancellationToken: TestEnds
        );

        taken.Type.Should().Be(type);
        taken.Data.Keys.Should().BeEquivalentTo(secret.Data.Keys);
    }

    public ValueTask DisposeAsync() => _namespace.DisposeAsync();
}
