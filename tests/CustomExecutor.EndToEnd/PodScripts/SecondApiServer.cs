using System.Net;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Processes;
using CustomExecutor.Kubernetes;
using CustomExecutor.Testing.Servers;
using k8s;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>Another API server of the test's cluster, on a port of its own: it can be ended and started again, and nobody
/// else notices.</summary>
internal sealed class SecondApiServer : IDisposable
{
    private const int Sigkill = 9;

    private readonly TemporaryDirectory _files = new();
    private readonly ChildProcessStart _start;
    private readonly string _kubeconfig;
    private ChildProcess _server;

    private SecondApiServer(string state)
    {
        // As the first one, in the node's namespaces (see tests/cluster/lib).
        var command = File.ReadAllText($"/proc/{Pid(state, "kube-apiserver")}/cmdline").TrimEnd('\0').Split('\0');
        var port = FreePort.On(IPAddress.Loopback);
        _start = new ChildProcessStart(
            "nsenter",
            [
                .. (string[])["--target", Pid(state, "namespaces"), "--net", "--mount", "--"],
                .. command,
                $"--secure-port={port}",
                "--endpoint-reconciler-type=none",
            ],
            new Dictionary<string, string> { ["PATH"] = Node.Environment["PATH"] }
        );
        var address = Node.Client.BaseUri;
        _kubeconfig = _files.Write(
            "kubeconfig",
            File.ReadAllText(Node.Settings.Kubernetes.Kubeconfig!)
                .Replace($"{address.Host}:{address.Port}", $"{address.Host}:{port}", StringComparison.Ordinal)
        );
        File.SetUnixFileMode(_kubeconfig, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        settings["kubernetes"]!["kubeconfig"] = _kubeconfig;
        Settings = _files.Write("settings.json", settings.ToJsonString());
        _server = Launch();
    }

    /// <summary>A settings file with which drivers use it, for scripts in the job's pod.</summary>
    public string Settings { get; }

    /// <summary>Starts it and waits until it answers. Skips the spec where the cluster is not this
    /// repository's.</summary>
    public static async Task<SecondApiServer> Start()
    {
        var state = Path.GetDirectoryName(Node.PodSettings)!;
        Assert.SkipUnless(
            File.Exists(Path.Join(state, "pids", "kube-apiserver")),
            "The cluster is not the one of tests/cluster."
        );
        var server = new SecondApiServer(state);
        await server.Answers();
        return server;
    }

    /// <summary>Ends it by a signal, and starts it again once it has ended.</summary>
    public async Task Restart(int signal)
    {
        _server.Signal(signal);
        await _server.Exit.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        _server.Dispose();
        _server = Launch();
        await Answers();
    }

    public void Dispose()
    {
        _server.Signal(Sigkill);
        _server.Exit.Wait();
        _server.Dispose();
        _files.Dispose();
    }

    private static string Pid(string state, string name) =>
        File.ReadAllText(Path.Join(state, "pids", name)).Split(' ')[0];

    private ChildProcess Launch()
    {
        using var log = File.OpenHandle(
            Path.Join(_files.Path, $"log-{Guid.NewGuid():N}"),
            FileMode.Create,
            FileAccess.Write
        );
        return ChildProcess.Start(_start with { StandardOutput = log, StandardError = log });
    }

    private async Task Answers()
    {
        using var client = ClusterAccess.Open(new KubernetesSettings { Kubeconfig = _kubeconfig }, TimeProvider.System);
        await Eventually.True(
            async () => _server.Exit.IsCompleted || await Answers(client),
            "the API server answers",
            TimeSpan.FromMinutes(3)
        );
        _server.Exit.IsCompleted.Should().BeFalse("the API server runs");
    }

    private static async Task<bool> Answers(IKubernetes client)
    {
        try
        {
            await client.CoreV1.ListNamespacedPodAsync(Node.Settings.Kubernetes.Namespace, limit: 1);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or k8s.Autorest.HttpOperationException)
        {
            return false;
        }
    }
}
