using System.Text.Json.Nodes;
using k8s;
using k8s.KubeConfigModels;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>A kubeconfig that names key and certificates as files beside itself, made of the node's own, which holds
/// them in it.</summary>
internal static class KubeconfigInPieces
{
    private const string KeyName = "client.key";

    private static string Source =>
        Node.Settings.Kubernetes.Kubeconfig ?? Environment.GetEnvironmentVariable("KUBECONFIG") ?? "";

    /// <summary>Why there is nothing to be taken apart; null where there is.</summary>
    public static string? Obstacle() =>
        File.Exists(Source) && Entries().User.ClientKeyData is { Length: > 0 }
            ? null
            : "The cluster's kubeconfig holds no client key that could be made a file of its own.";

    /// <summary>Writes it, for the service's user alone.</summary>
    /// <param name="directory">Where to.</param>
    /// <returns>The paths of the kubeconfig and the key.</returns>
    public static (string Kubeconfig, string Key) Write(string directory)
    {
        var (cluster, user) = Entries();
        WriteDecoded("ca.crt", cluster.CertificateAuthorityData);
        WriteDecoded("client.crt", user.ClientCertificateData);
        WriteDecoded(KeyName, user.ClientKeyData);
        var config = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = Named(
                "cluster",
                new JsonObject { ["server"] = cluster.Server, ["certificate-authority"] = "ca.crt" }
            ),
            // One by its name, one by its path: both are to be found.
            ["users"] = Named(
                "user",
                new JsonObject { ["client-certificate"] = "client.crt", ["client-key"] = Path.Join(directory, KeyName) }
            ),
            ["contexts"] = Named("context", new JsonObject { ["cluster"] = "spec", ["user"] = "spec" }),
            ["current-context"] = "spec",
        };
        return (Private("kubeconfig", config.ToJsonString()), Path.Join(directory, KeyName));

        void WriteDecoded(string name, string data) =>
            Private(name, System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data)));

        string Private(string name, string text) => ServiceUser.Write(Path.Join(directory, name), text);
    }

    private static JsonArray Named(string kind, JsonObject content) =>
        [new JsonObject { ["name"] = "spec", [kind] = content }];

    private static (ClusterEndpoint Cluster, UserCredentials User) Entries()
    {
        using var text = File.OpenRead(Source);
        var config = KubernetesClientConfiguration.LoadKubeConfig(text);
        var context = config
            .Contexts.Single(c => c.Name == (Node.Settings.Kubernetes.Context ?? config.CurrentContext))
            .ContextDetails;
        return (
            config.Clusters.Single(c => c.Name == context.Cluster).ClusterEndpoint,
            config.Users.Single(u => u.Name == context.User).UserCredentials
        );
    }
}
