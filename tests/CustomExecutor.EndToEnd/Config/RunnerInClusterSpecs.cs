using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.EndToEnd.Config;

/// <summary>config/kubernetes/runner as its README says, with a pod that has the driver and no runner: GitLab's image
/// can't be had here, so <c>custom-executor try</c> plays it.</summary>
public sealed class RunnerInClusterSpecs : IAsyncDisposable
{
    private const string Script =
        "printf 'FROM %s\\nRUN echo hello\\n' $BASE | docker buildx build --push -t $TARGET -\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly string _name = $"runner-{Guid.NewGuid():N}"[..14];
    private readonly string _registry = $"{Node.Registry}/spec/{Guid.NewGuid():N}";

    [Fact]
    public async Task The_runners_pod_runs_a_job_in_a_pod_of_its_own_and_leaves_nothing()
    {
        var image = await RunnerImage.Name;
        await Kubectl("apply", "-k", RepositoryFile.PathOf("config/kubernetes"));
        await Kubectl("apply", "-k", Kustomization(image[..image.LastIndexOf(':')]));
        await Kubectl("rollout", "status", $"deployment/{_name}-custom-executor-runner", "--timeout=120s");

        var (log, _) = await Kubectl(
            "exec",
            $"deployment/{_name}-custom-executor-runner",
            "--",
            "custom-executor",
            "try",
            "--script",
            "/etc/custom-executor/script.sh",
            "--variable",
            $"BASE={Node.BaseImage}",
            "--variable",
            $"TARGET={_registry}/built:1"
        );

        log.Should().Contain("Job succeeded").And.Contain("nothing: pod and secret are gone");
        using var client = new HttpClient();
        var tags = $"http://{Node.Registry}/v2/{_registry[(Node.Registry.Length + 1)..]}/built/tags/list";
        (await client.GetStringAsync(new Uri(tags), TestContext.Current.CancellationToken)).Should().Contain("\"1\"");
    }

    public async ValueTask DisposeAsync()
    {
        await Cli.Wrap("kubectl")
            .WithArguments(["delete", "-k", _directory.Path, "--ignore-not-found", "--wait=false"])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        _directory.Dispose();
    }

    /// <summary>The project's kustomization with the node's settings and images.</summary>
    private string Kustomization(string image)
    {
        var files = RepositoryFile.PathOf("config/kubernetes/runner");
        foreach (var file in (string[])["deployment.yaml", "network-policy.yaml", "config.toml"])
            File.Copy(Path.Join(files, file), Path.Join(_directory.Path, file));
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!.AsObject();
        settings["kubernetes"] = new JsonObject { ["namespace"] = Node.Settings.Kubernetes.Namespace };
        var toml = settings["builder"]!["buildkitdConfig"]!.GetValue<string>();
        settings["builder"]!["buildkitdConfig"] = "/etc/custom-executor/buildkitd.toml";
        _directory.Write("settings.json", settings.ToJsonString());
        _directory.Write("buildkitd.toml", File.ReadAllText(toml));
        _directory.Write("script.sh", Script);
        _directory.Write(
            "no-runner.yaml",
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: custom-executor-runner
            spec:
              template:
                spec:
                  containers:
                    - name: runner
                      command: [sleep, "3600"]
            """
        );
        var kustomization = File.ReadAllText(Path.Join(files, "kustomization.yaml"))
            .Replace("newName: registry.example.com/group/custom-executor-runner", $"newName: {image}")
            .Replace("files: [settings.json]", "files: [settings.json, buildkitd.toml, script.sh]");
        _directory.Write(
            "kustomization.yaml",
            $"{kustomization}\nnamePrefix: {_name}-\npatches:\n  - path: no-runner.yaml\n"
        );
        return _directory.Path;
    }

    private static async Task<(string Output, string Errors)> Kubectl(params string[] arguments)
    {
        var result = await Cli.Wrap("kubectl")
            .WithArguments(["-n", Node.Settings.Kubernetes.Namespace, .. arguments])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        result.ExitCode.Should().Be(0, "{0}\n{1}", result.StandardOutput, result.StandardError);
        return (result.StandardOutput, result.StandardError);
    }
}
