using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Testing.Cluster;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Tests.Config;

/// <summary>A namespace with everything under config/kubernetes applied, and the driver's account there as a
/// client.</summary>
public sealed class AdmissionPolicyFixture : IAsyncLifetime
{
    private TestNamespace _namespace = null!;
    private k8s.Kubernetes _driver = null!;
    private string? _kubeconfig;

    /// <summary>Why the specs are skipped, or null.</summary>
    public string? Skipped { get; private set; }

    internal TestNamespace Namespace => _namespace;

    public async ValueTask InitializeAsync()
    {
        _namespace = await TestNamespace.Create();
        if (!await Manifests.HasAdmissionPolicies())
        {
            Skipped =
                "This API server has no ValidatingAdmissionPolicy (Kubernetes 1.30): the policy of "
                + "config/kubernetes is not tested.";
            return;
        }

        await Manifests.ApplyKustomization(_namespace, withComponents: true);
        _kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            _kubeconfig,
            TestCluster.KubeconfigFor($"token: {await _namespace.Token("custom-executor")}")
        );
        _driver = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(_kubeconfig));
        // The API server watches its policies: the first moments still pass without one.
        var evil = PolicyFixtures.Pod(_namespace.Name);
        evil.Spec.HostNetwork = true;
        var foreign = PolicyFixtures.Secret(_namespace.Name);
        foreign.Metadata.Name = "foreign";
        await Eventually.True(
            async () =>
                await Refusal(evil) is not null
                && await Refusal(foreign) is not null
                && (await AnswerToExec("foreign", "build")).Contains(
                    "ValidatingAdmissionPolicy",
                    StringComparison.Ordinal
                ),
            "the policies are in force"
        );
    }

    /// <summary>The server's words if it refuses to create the pod for the driver; null if it takes it. Nothing is
    /// stored.</summary>
    public Task<string?> Refusal(V1Pod pod) =>
        RefusalOf(() => _driver.CoreV1.CreateNamespacedPodAsync(pod, _namespace.Name, dryRun: "All"));

    public Task<string?> Refusal(V1Secret secret) =>
        RefusalOf(() => _driver.CoreV1.CreateNamespacedSecretAsync(secret, _namespace.Name, dryRun: "All"));

    public Task<string?> RefusalToDeletePod(string name) =>
        RefusalOf(() => _driver.CoreV1.DeleteNamespacedPodAsync(name, _namespace.Name, dryRun: "All"));

    public Task<string?> RefusalToDeleteSecret(string name) =>
        RefusalOf(() => _driver.CoreV1.DeleteNamespacedSecretAsync(name, _namespace.Name, dryRun: "All"));

    /// <summary>The server's words when the driver asks to run a command. It never runs: nothing is upgraded to a
    /// WebSocket.</summary>
    public async Task<string> AnswerToExec(string pod, string container, string verb = "exec") =>
        (
            await Cli.Wrap("kubectl")
                .WithArguments([
                    "get",
                    "--kubeconfig",
                    _kubeconfig!,
                    "--raw",
                    $"/api/v1/namespaces/{_namespace.Name}/pods/{pod}/{verb}?container={container}&command=true&stdout=true",
                ])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync()
        ).StandardError;

    public async ValueTask DisposeAsync()
    {
        if (_kubeconfig is not null)
            File.Delete(_kubeconfig);
        if (Skipped is null)
            await Manifests.DeletePolicies(_namespace);
        _driver?.Dispose();
        await _namespace.DisposeAsync();
    }

    private static async Task<string?> RefusalOf<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (HttpOperationException e)
        {
            return e.Response.Content;
        }
    }
}
