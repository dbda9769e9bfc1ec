using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>What is wrong on the way to the cluster is told in a sentence, and prepare may be tried again.</summary>
public sealed class ClusterAccessSpecs
{
    private const string Valid = """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: SERVER, certificate-authority-data: AUTHORITY}}]
        users: [{name: test, user: {token: a-secret-token}}]
        """;

    [Theory]
    [InlineData("", "can't be used")]
    [InlineData("{", "can't be used")]
    [InlineData("just text", "can't be used")]
    [InlineData("clusters: 7", "can't be used")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: none\n", "none")]
    public async Task A_kubeconfig_that_is_none(string text, string sentence)
    {
        var output = await Fails(text);

        output.Should().StartWith("ERROR: The cluster's configuration (kubernetes.kubeconfig ").And.Contain(sentence);
    }

    [Theory]
    [InlineData("SERVER", "https://")]
    [InlineData("AUTHORITY", "bm8gY2VydGlmaWNhdGU=")]
    [InlineData("AUTHORITY", "'%%%'")]
    public async Task A_kubeconfig_with_a_wrong_value(string value, string wrong)
    {
        var text = Valid
            .Replace(value, wrong, StringComparison.Ordinal)
            .Replace("SERVER", "https://127.0.0.1:1", StringComparison.Ordinal)
            .Replace(", certificate-authority-data: AUTHORITY", "", StringComparison.Ordinal);

        var output = await Fails(text);

        output
            .Should()
            .StartWith("ERROR: The cluster's configuration (kubernetes.kubeconfig ")
            .And.NotContain("a-secret-token");
    }

    [Theory]
    [InlineData(
        "/no/such/kubeconfig",
        "No cluster is configured: kubernetes.kubeconfig /no/such/kubeconfig does not exist."
    )]
    [InlineData("/etc", "/etc")]
    public async Task A_kubeconfig_that_is_not_there(string path, string sentence) =>
        (await Fails("", settings => settings["kubernetes"]!["kubeconfig"] = path))
            .Should()
            .StartWith("ERROR: ")
            .And.Contain(sentence);

    [Fact]
    public async Task A_context_that_is_not_in_the_kubeconfig() =>
        (await Fails(await AdminKubeconfig(), settings => settings["kubernetes"]!["context"] = "staging"))
            .Should()
            .Contain("staging");

    [Fact]
    public async Task A_server_at_which_nobody_listens()
    {
        var text = Valid
            .Replace("SERVER", "https://127.0.0.1:1", StringComparison.Ordinal)
            .Replace(", certificate-authority-data: AUTHORITY", "", StringComparison.Ordinal);

        (await Fails(text))
            .Should()
            .Contain(
                "ERROR: The Kubernetes API can't be reached to ask for its version: 127.0.0.1:1: connection "
                    + "refused\nCheck the cluster's server in context "
            )
            .And.NotContain("a-secret-token");
    }

    [Fact]
    public async Task A_server_of_another_CA()
    {
        var server = k8s.KubernetesClientConfiguration.BuildConfigFromConfigFile(TestCluster.Kubeconfig).Host;
        var text = Valid
            .Replace("SERVER", server, StringComparison.Ordinal)
            .Replace(", certificate-authority-data: AUTHORITY", "", StringComparison.Ordinal);

        (await Fails(text))
            .Should()
            .StartWith("ERROR: The Kubernetes API can't be reached to ask for its version: ")
            .And.Contain("certificate");
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_know() =>
        (await Fails(TestCluster.KubeconfigFor("token: a-secret-token")))
            .Should()
            .Contain(": 401 ")
            .And.Contain("kubernetes.kubeconfig")
            .And.NotContain("a-secret-token");

    [Fact]
    public async Task A_namespace_that_does_not_exist()
    {
        var output = await Fails(await AdminKubeconfig());

        output
            .Should()
            .Contain("refused to create the builder pod in namespace no-such-namespace: 404 ")
            .And.Contain(
                "The namespace does not exist: create it (kubectl apply -k config/kubernetes), or set "
                    + "kubernetes.namespace in the settings."
            );
    }

    private static Task<string> AdminKubeconfig() =>
        File.ReadAllTextAsync(TestCluster.Kubeconfig, TestContext.Current.CancellationToken);

    private static async Task<string> Fails(string kubeconfig, Action<JsonObject>? settings = null)
    {
        using var host = new RunnerHost(kubeconfig, "no-such-namespace", settings);
        var attempt = host.Attempt(new PlayedJob { Id = 4711 });

        var verdict = await attempt.TryToBecomeReady();
        var told = attempt.Log.Text;
        await attempt.Stages.Cleanup();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        told.Should().NotContain("   at ").And.NotContain("Unhandled");
        Directory.Exists(attempt.Workspace).Should().BeFalse("files can be removed without a cluster");
        Directory.Exists(attempt.Paths.Job).Should().BeFalse("files can be removed without a cluster");
        return told;
    }
}
