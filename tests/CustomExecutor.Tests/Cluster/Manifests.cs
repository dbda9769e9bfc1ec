using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.Tests.Cluster;

/// <summary>The files under config/kubernetes, brought to the API server as their own comments say, but to a namespace of the test's own.</summary>
internal static class Manifests
{
    /// <summary>The namespace that the files name.</summary>
    private const string Named = "gitlab-builders";

    /// <summary><c>kubectl apply -k</c>.</summary>
    public static async Task ApplyKustomization(TestNamespace to) =>
        await Apply((await Kubectl().WithArguments(["kustomize", RepositoryFile.PathOf("config/kubernetes")]).ExecuteBufferedAsync(TestContext.Current.CancellationToken)).StandardOutput, to);

    /// <summary><c>kubectl apply -f gc-cronjob.yaml</c>.</summary>
    public static async Task ApplyCronJob(TestNamespace to)
    {
        var text = await File.ReadAllTextAsync(RepositoryFile.PathOf("config/kubernetes/gc-cronjob.yaml"), TestContext.Current.CancellationToken);
        // CronJobs are served as batch/v1 since Kubernetes 1.21, and with the same fields as batch/v1beta1 before.
        if (!(await Get("--raw", "/apis/batch/v1")).Contains("\"cronjobs\"", StringComparison.Ordinal))
            text = text.Replace("apiVersion: batch/v1\n", "apiVersion: batch/v1beta1\n", StringComparison.Ordinal);
        await Apply(text, to);
    }

    /// <summary><c>kubectl get</c>.</summary>
    public static async Task<string> Get(params string[] arguments) =>
        (await Kubectl().WithArguments(["get", .. arguments]).ExecuteBufferedAsync(TestContext.Current.CancellationToken)).StandardOutput;

    private static async Task Apply(string text, TestNamespace to)
    {
        text.Should().Contain(Named);
        // --validate: a field that the server does not know is a mistake, and would else be dropped without a word.
        var result = await Kubectl().WithArguments(["apply", "--validate=true", "--namespace", to.Name, "-f", "-"])
            .WithStandardInputPipe(PipeSource.FromString(text.Replace(Named, to.Name, StringComparison.Ordinal)))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        result.ExitCode.Should().Be(0, result.StandardError);
    }

    private static Command Kubectl() => Cli.Wrap("kubectl");
}
