using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;
using CustomExecutor.Kubernetes;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Faults;
using k8s;
using k8s.Models;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>Each kind of call, by itself and tried once: what is not Kubernetes' answer is a fault that may pass, and
/// nothing else is ever thrown.</summary>
public sealed class GarbledCallSpecs : IAsyncLifetime
{
    private const string Name = "k8s-builder-4711-garbled";

    private readonly TemporaryDirectory _directory = new();
    private TestNamespace _namespace = null!;
    private ApiProxy _proxy = null!;
    private k8s.Kubernetes _client = null!;

    public static TheoryData<string> Texts => [.. GarbledAnswers.Texts];

    public static TheoryData<string, string> Edits => GarbledAnswers.Rows(GarbledAnswers.EditedPods);

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    private BuilderPods Pods => new(_client, _namespace.Name, ApiRetries.None(TimeProvider.System));

    public async ValueTask InitializeAsync()
    {
        (_namespace, _proxy) = (await TestNamespace.Create(), await ApiProxy.Start());
        var kubeconfig = _directory.Write(
            "kubeconfig",
            _proxy.KubeconfigFrom(await _namespace.KubeconfigOfAccount("driver", DriverRole.Rules))
        );
        _client = ClusterAccess.Open(
            new KubernetesSettings { Kubeconfig = kubeconfig, Namespace = _namespace.Name },
            TimeProvider.System
        );
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task No_call_takes_another_text_for_an_answer(string text)
    {
        _proxy.Rules = [new FaultRule(null, new Fault.Garbled(text), Times: int.MaxValue)];

        await IsGarbled(() => Pods.ReadServerVersion(TestEnds));
        await IsGarbled(() => Pods.Create(Pod(), TestEnds));
        await IsGarbled(() => Pods.Create(new V1Secret { Metadata = new V1ObjectMeta { Name = Name } }, TestEnds));
        await IsGarbled(() => Pods.Find(Name, TestEnds));
        await IsGarbled(() => Pods.Of("gitlab", 4711, TestEnds));
        await IsGarbled(() => Pods.HasSecret(Name, TestEnds));
        await IsGarbled(() => Pods.Delete(Name, TestEnds));
        await IsGarbled(() => Pods.List("gitlab", TestEnds));
        await IsGarbled(() => Pods.DeleteSecret(Name, TestEnds));
        await WatchIsFaulty(mayEnd: text.Length == 0);
    }

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task No_call_takes_an_impossible_value(string path, string json)
    {
        await TestCluster.Admin.CoreV1.CreateNamespacedPodAsync(Pod(), _namespace.Name, cancellationToken: TestEnds);
        _proxy.Rules = [new FaultRule(null, new Fault.Edited(path, json), Times: int.MaxValue)];

        // An item of a list has no kind of its own, and any name.
        if (path != "kind" && json != "\"another\"")
        {
            await IsGarbled(() => Pods.Of("gitlab", 4711, TestEnds));
            await IsGarbled(() => Pods.List("gitlab", TestEnds));
        }

        await IsGarbled(() => Pods.Find(Name, TestEnds));
        if (json != "\"another\"")
            await WatchIsFaulty(mayEnd: false);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _namespace.DisposeAsync();
        _directory.Dispose();
    }

    private static V1Pod Pod() =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = Name,
                Labels = $"{BuilderLabels.SelectorOf("gitlab", 4711)},{BuilderLabels.SelectorOfBuilders("gitlab")}"
                    .Split(',')
                    .Distinct()
                    .ToDictionary(l => l.Split('=')[0], l => l.Split('=')[1]),
            },
            Spec = new V1PodSpec
            {
                AutomountServiceAccountToken = false,
                Containers = [new V1Container { Name = "buildkitd", Image = "none" }],
            },
        };

    private static async Task IsGarbled(Func<Task> call) =>
        (await call.Should().ThrowAsync<DriverException>()).WithMessage(
            "The Kubernetes API can't be used to *: the answer is *"
        );

    private async Task WatchIsFaulty(bool mayEnd)
    {
        var read = async () =>
        {
            var events = ResourceWatch.Read<V1Pod>(
                _client,
                $"api/v1/namespaces/{_namespace.Name}/pods",
                $"metadata.name={Name}",
                null,
                TimeProvider.System,
                TestEnds
            );
            await foreach (var change in events)
                throw new InvalidOperationException($"The watch took {change} for an event.");
            if (!mayEnd)
                throw new InvalidOperationException("The watch has ended.");
        };
        if (mayEnd)
            await read();
        else
            ApiFaultReader.Of((await read.Should().ThrowAsync<Exception>()).Which).Should().NotBeNull();
    }
}
