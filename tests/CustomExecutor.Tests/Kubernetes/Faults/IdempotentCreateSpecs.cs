using CustomExecutor.Core;
using CustomExecutor.Kubernetes;
using CustomExecutor.Testing.Cluster;
using k8s.Models;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>A name that is taken.</summary>
public sealed class IdempotentCreateSpecs : IAsyncLifetime
{
    private TestNamespace _namespace = null!;

    public async ValueTask InitializeAsync() => _namespace = await TestNamespace.Create();

    [Fact]
    public async Task A_pod_of_somebody_else_is_not_taken_over()
    {
        await Pods().Create(Pod(), CancellationToken.None);

        var again = () => Pods().Create(Pod(), CancellationToken.None);

        (await again.Should().ThrowAsync<DriverException>()).WithMessage("*already exists*");
        (await _namespace.Pods()).Should().ContainSingle();
    }

    [Fact]
    public async Task A_pod_of_an_earlier_try_is_the_pod()
    {
        var pod = Pod();
        IdempotentCreate.Mark(pod);
        var first = await IdempotentCreate.Pod(TestCluster.Admin, _namespace.Name, pod, CancellationToken.None);

        var second = await IdempotentCreate.Pod(TestCluster.Admin, _namespace.Name, pod, CancellationToken.None);

        second.Metadata.Uid.Should().Be(first.Metadata.Uid);
    }

    [Fact]
    public async Task What_is_gone_already_is_deleted() =>
        await Pods().Delete("k8s-builder-1-nobody", CancellationToken.None);

    public ValueTask DisposeAsync() => _namespace.DisposeAsync();

    private static V1Pod Pod() =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = "k8s-builder-1-taken" },
            Spec = new V1PodSpec
            {
                AutomountServiceAccountToken = false,
                Containers = [new V1Container { Name = "buildkitd", Image = "none" }],
            },
        };

    private BuilderPods Pods() =>
        new(TestCluster.Admin, _namespace.Name, new ApiRetries(null, TimeSpan.FromSeconds(10), TimeProvider.System));
}
