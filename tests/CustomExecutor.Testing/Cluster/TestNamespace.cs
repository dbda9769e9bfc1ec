using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Testing.Cluster;

/// <summary>
/// A namespace of one test's own. The cluster has no controllers: the test makes the service account that pods need,
/// and nobody collects what an owner reference would have removed.
/// </summary>
internal sealed class TestNamespace : IAsyncDisposable
{
    private TestNamespace(string name) => Name = name;

    public string Name { get; }

    public static async Task<TestNamespace> Create()
    {
        var made = new TestNamespace($"stages-{Guid.NewGuid().ToString("N")[..10]}");
        await TestCluster.Admin.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = made.Name } }
        );
        await made.CreateServiceAccount("default");
        return made;
    }

    public Task CreateServiceAccount(string name) =>
        TestCluster.Admin.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = name } },
            Name
        );

    /// <summary>The token of a new service account that has these rights here and no others.</summary>
    public async Task<string> TokenOfAccount(string name, params V1PolicyRule[] rules)
    {
        await CreateServiceAccount(name);
        await RoleGrant.Create(
            TestCluster.Admin,
            Name,
            new Rbacv1Subject
            {
                Kind = "ServiceAccount",
                Name = name,
                NamespaceProperty = Name,
            },
            rules
        );
        return await Token(name);
    }

    /// <summary>A token of a service account that is there.</summary>
    public async Task<string> Token(string account)
    {
        var request = new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 3600 },
        };
        return (await TestCluster.Admin.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, account, Name))
            .Status
            .Token;
    }

    /// <summary>The kubeconfig of such an account.</summary>
    public async Task<string> KubeconfigOfAccount(string name, params V1PolicyRule[] rules) =>
        TestCluster.KubeconfigFor($"token: {await TokenOfAccount(name, rules)}");

    public async Task<IList<V1Pod>> Pods() => (await TestCluster.Admin.CoreV1.ListNamespacedPodAsync(Name)).Items;

    public async Task<V1Pod> OnlyPod() => (await Pods()).Should().ContainSingle().Subject;

    /// <summary>The secrets, but for the tokens of service accounts.</summary>
    public async Task<IList<V1Secret>> Secrets() =>
        [
            .. (await TestCluster.Admin.CoreV1.ListNamespacedSecretAsync(Name)).Items.Where(s =>
                s.Type != "kubernetes.io/service-account-token"
            ),
        ];

    public async Task<V1Secret> OnlySecret() => (await Secrets()).Should().ContainSingle().Subject;

    /// <summary>Waits until the node has let go of every pod, and looks for secrets then.</summary>
    public async Task ShouldBecomeEmpty()
    {
        await Eventually.True(async () => (await Pods()).Count == 0, "no pod is left");
        (await Secrets()).Should().BeEmpty("the driver deletes secrets itself");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in await Pods())
            await DeleteNow(pod);
        await TestCluster.Admin.CoreV1.DeleteNamespaceAsync(Name);
    }

    /// <summary>Takes a pod out of the API as a kubelet does once its containers are gone.</summary>
    public async Task DeleteNow(V1Pod pod)
    {
        try
        {
            var options = new V1DeleteOptions
            {
                GracePeriodSeconds = 0,
                Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid },
            };
            await TestCluster.Admin.CoreV1.DeleteNamespacedPodAsync(pod.Metadata.Name, Name, options);
        }
        catch (HttpOperationException e)
            when (e.Response.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
        {
            // Gone already.
        }
    }
}
