using System.Text.Json.Nodes;
using CustomExecutor.Core.Settings;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.EndToEnd;

/// <summary>The real node and what belongs to it, as the environment names it (see tests/cluster/README.md).</summary>
internal static class Node
{
    public static string Driver { get; } = Require("CUSTOM_EXECUTOR_BINARY");

    /// <summary>A registry that speaks plain HTTP, in reach of this host and of pods: HOST:PORT.</summary>
    public static string Registry { get; } = Require("CUSTOM_EXECUTOR_TEST_REGISTRY");

    /// <summary>An image with a shell, in that registry.</summary>
    public static string BaseImage { get; } = Require("CUSTOM_EXECUTOR_TEST_BASE_IMAGE");

    /// <summary>Settings with which scripts run in the job's pod.</summary>
    public static string PodSettings { get; } = Require("CUSTOM_EXECUTOR_SETTINGS");

    /// <summary>The same, but for scripts on the host.</summary>
    public static string AdminFile { get; } = OnHost(PodSettings);

    /// <summary>The settings that jobs run with unless a spec says otherwise.</summary>
    public static DriverSettings Settings { get; } = SettingsReader.Read(File.ReadAllText(AdminFile), AdminFile);

    public static ClusterClient Client { get; } = ClusterAccess.Open(Settings.Kubernetes, TimeProvider.System);

    public static BuilderPods Pods { get; } =
        new(Client, Settings.Kubernetes.Namespace, ApiRetries.None(TimeProvider.System));

    /// <summary>This process's environment, which the played runner's service has too.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        Attempt.StageInput.OfThisProcess().Variables;

    /// <summary>The example that <c>runner/try</c> runs.</summary>
    public static string Example { get; } = RepositoryFile.PathOf(Path.Join("runner", "example"));

    private static string OnHost(string file)
    {
        var settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        settings["scripts"] = new JsonObject { ["runIn"] = "host" };
        // For the whole run of the tests.
        return new TemporaryDirectory().Write("settings.json", settings.ToJsonString());
    }

    private static string Require(string name) =>
        System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"{name} is not set: run ./tests/run, or source the file that tests/cluster/up names."
            );
}
