namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>A registry of a spec's own, from which the test node's containerd pulls.</summary>
internal sealed class NodesRegistry : IDisposable
{
    private readonly string _directory;

    private NodesRegistry(string directory) => _directory = directory;

    /// <summary>Has the node pull from it over plain HTTP. Skips the spec where the node is not this
    /// repository's.</summary>
    /// <param name="address">HOST:PORT.</param>
    public static NodesRegistry SpeaksHttp(string address)
    {
        // containerd reads it for each pull (see tests/cluster/lib/containerd.sh).
        var registries = Path.Join(Path.GetDirectoryName(Node.PodSettings), "containerd", "registries");
        Assert.SkipUnless(Directory.Exists(registries), "The node is not the one of tests/cluster.");
        var registry = new NodesRegistry(Path.Join(registries, address));
        Directory.CreateDirectory(registry._directory);
        File.WriteAllText(
            Path.Join(registry._directory, "hosts.toml"),
            $"server = \"http://{address}\"\n[host.\"http://{address}\"]\n  capabilities = [\"pull\", \"resolve\"]\n"
        );
        return registry;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
