using System.Text;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Tests.Kubernetes.Kubeconfig;

/// <summary>Kubeconfig files and the files that they name, in memory.</summary>
internal sealed class KubeconfigFiles
{
    private readonly List<(string, FileContent)> _kubeconfigs = [];
    private readonly Dictionary<string, byte[]> _others = [];

    /// <summary>One file with one context, <c>c</c>, for one cluster and one user.</summary>
    /// <param name="cluster">The fields of the cluster, as YAML's flow.</param>
    /// <param name="user">The fields of the user.</param>
    public static KubeconfigFiles With(
        string cluster = "server: 'https://example.com:6443'",
        string user = "token: t"
    ) =>
        new KubeconfigFiles().Add(
            "/etc/k/config",
            $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u} }]
            clusters: [{name: k, cluster: { {{cluster}} } }]
            users: [{name: u, user: { {{user}} } }]
            """
        );

    public KubeconfigFiles Add(string path, string text)
    {
        _kubeconfigs.Add((path, new FileContent(Encoding.UTF8.GetBytes(text), null)));
        return this;
    }

    /// <summary>A file that a kubeconfig may name.</summary>
    public KubeconfigFiles Beside(string path, string text)
    {
        _others[path] = Encoding.UTF8.GetBytes(text);
        return this;
    }

    public ClusterConnection Read(string? context = null) =>
        KubeconfigReader.Read(
            _kubeconfigs,
            context,
            "kubeconfig /etc/k/config",
            path => _others.TryGetValue(path, out var bytes) ? new(bytes, null) : new(null, "No such file")
        );

    /// <summary>The message of the refusal.</summary>
    public string Refusal(string? context = null)
    {
        var read = () => Read(context);
        return read.Should().Throw<CustomExecutor.Core.DriverException>().Which.Message;
    }
}
