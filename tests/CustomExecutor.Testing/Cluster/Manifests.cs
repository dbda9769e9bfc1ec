using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.Testing.Cluster;

/// <summary>The files under config/kubernetes, brought to the API server as their own comments say, but to a namespace
/// of the test's own.</summary>
internal static partial class Manifests
{
    /// <summary>The namespace that the files name.</summary>
    private const string Named = "gitlab-builders";

    /// <summary><c>kubectl apply -k</c>.</summary>
    /// <param name="to">Takes the namespace's place.</param>
    /// <param name="withComponents">The optional parts too, as an admin adds them.</param>
    public static async Task ApplyKustomization(TestNamespace to, bool withComponents = false)
    {
        using var copy = new TemporaryDirectory();
        var source = RepositoryFile.PathOf("config/kubernetes");
        foreach (var file in Directory.EnumerateFiles(source, "*.yaml", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            copy.Write(Path.GetRelativePath(source, file), withComponents ? Components().Replace(text, "$1") : text);
        }

        var made = await Kubectl()
            .WithArguments(["kustomize", copy.Path])
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        await Apply(made.StandardOutput, to);
    }

    /// <summary>Whether the server knows ValidatingAdmissionPolicies (Kubernetes 1.30).</summary>
    public static async Task<bool> HasAdmissionPolicies() =>
        (await Get("--raw", "/apis")).Contains("\"admissionregistration.k8s.io/v1\"", StringComparison.Ordinal)
        && (await Get("--raw", "/apis/admissionregistration.k8s.io/v1")).Contains(
            "validatingadmissionpolicies",
            StringComparison.Ordinal
        );

    /// <summary>Policies are the cluster's, not the namespace's.</summary>
    public static async Task DeletePolicies(TestNamespace of)
    {
        foreach (var kind in new[] { "validatingadmissionpolicybinding", "validatingadmissionpolicy" })
        {
            await Kubectl()
                .WithArguments(["delete", kind, .. Policies(of)])
                .ExecuteBufferedAsync(CancellationToken.None);
        }
    }

    private static string[] Policies(TestNamespace of) =>
        [$"custom-executor-pods-{of.Name}", $"custom-executor-secrets-{of.Name}", $"custom-executor-exec-{of.Name}"];

    /// <summary><c>kubectl apply -f gc-cronjob.yaml</c>.</summary>
    public static async Task ApplyCronJob(TestNamespace to)
    {
        var text = await File.ReadAllTextAsync(
            RepositoryFile.PathOf("config/kubernetes/gc-cronjob.yaml"),
            TestContext.Current.CancellationToken
        );
        // CronJobs are served as batch/v1 since Kubernetes 1.21, and with the same fields as batch/v1beta1 before.
        if (!(await Get("--raw", "/apis/batch/v1")).Contains("\"cronjobs\"", StringComparison.Ordinal))
            text = text.Replace("apiVersion: batch/v1\n", "apiVersion: batch/v1beta1\n", StringComparison.Ordinal);
        await Apply(text, to);
    }

    /// <summary><c>kubectl get</c>.</summary>
    public static async Task<string> Get(params string[] arguments) =>
        (
            await Kubectl()
                .WithArguments(["get", .. arguments])
                .ExecuteBufferedAsync(TestContext.Current.CancellationToken)
        ).StandardOutput;

    private static async Task Apply(string text, TestNamespace to)
    {
        text.Should().Contain(Named);
        // --validate: a field that the server does not know is a mistake, and would else be dropped without a word.
        var result = await Kubectl()
            .WithArguments(["apply", "--validate=true", "--namespace", to.Name, "-f", "-"])
            .WithStandardInputPipe(
                PipeSource.FromString(
                    PolicyName().Replace(text, $"$&-{to.Name}").Replace(Named, to.Name, StringComparison.Ordinal)
                )
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        result.ExitCode.Should().Be(0, result.StandardError);
    }

    /// <summary>The lines of kustomization.yaml that an admin uncomments.</summary>
    [GeneratedRegex("^# (components:|  - [a-z]+-policy)", RegexOptions.Multiline)]
    private static partial Regex Components();

    [GeneratedRegex("custom-executor-(pods|secrets|exec)$", RegexOptions.Multiline)]
    private static partial Regex PolicyName();

    private static Command Kubectl() => Cli.Wrap("kubectl");
}
