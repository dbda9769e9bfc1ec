using k8s;

namespace CustomExecutor.Testing.Cluster;

/// <summary>The real API server (and the real buildkitd) that <c>tests/cluster/up api</c> has made ready; no node is
/// behind it.</summary>
internal static class TestCluster
{
    private static readonly Lazy<k8s.Kubernetes> Administrator = new(() =>
        new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig))
    );

    /// <summary>The administrator's kubeconfig.</summary>
    public static string Kubeconfig => Required("KUBECONFIG");

    /// <summary>The program that a builder's container would run.</summary>
    public static string Buildkitd => Required("CUSTOM_EXECUTOR_TEST_BUILDKITD");

    /// <summary>A client that may do everything.</summary>
    public static k8s.Kubernetes Admin => Administrator.Value;

    /// <summary>A kubeconfig's text for another user than the administrator.</summary>
    /// <param name="user">What it says of the user, like <c>token: x</c>.</param>
    public static string KubeconfigFor(string user)
    {
        var admin = KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig);
        var authority = string.Join('\n', admin.SslCaCerts.Select(c => c.ExportCertificatePem()));
        return $"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{"{name: test, context: {cluster: test, user: test}}"}]
            clusters:
            - name: test
              cluster:
                server: {admin.Host}
                certificate-authority-data: {Convert.ToBase64String(
                System.Text.Encoding.ASCII.GetBytes(authority + "\n")
            )}
            users:
            - name: test
              user: {"{"}{user}{"}"}

            """;
    }

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"{variable} is not set: run ./tests/run, or source the file that tests/cluster/up api prints."
            );
}
