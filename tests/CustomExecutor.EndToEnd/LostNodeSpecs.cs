using System.Text.Json.Nodes;
using CustomExecutor.Admin.Try;
using CustomExecutor.Host;

namespace CustomExecutor.EndToEnd;

/// <summary>The node is taken away from all: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(LostNodeSpecs), DisableParallelization = true)]
[Collection(nameof(LostNodeSpecs))]
public sealed class LostNodeSpecs
{
    [Fact]
    public async Task A_node_whose_kubelet_is_stopped_is_told_and_leaves_nothing_once_it_is_back()
    {
        var pid = Path.Join(Path.GetDirectoryName(Node.SettingsFile), "pids", "kubelet");
        if (!File.Exists(pid)) Assert.Skip("This cluster is not of tests/cluster: its kubelet can't be stopped.");
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.SettingsFile))!;
        settings["builder"]!["prepareTimeoutSeconds"] = 20;
        using var job = new JobOnNode { Settings = files.Write("settings.json", settings.ToJsonString()) };
        var kubelet = int.Parse(File.ReadAllText(pid).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        _ = ChildProcessNative.Kill(kubelet, 19 /* SIGSTOP */);
        string log;
        try
        {
            (var verdict, log) = await job.Run("echo never reached");
            verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, log);
        }
        finally
        {
            _ = ChildProcessNative.Kill(kubelet, 18 /* SIGCONT */);
        }

        log.Should().Contain("ERROR: The builder was not ready within 20 s").And.Contain("Scheduled on node node1").And.NotContain("never reached");
        await job.PodsAreGone();
    }
}
