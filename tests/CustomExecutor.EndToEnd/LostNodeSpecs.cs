using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Native;

namespace CustomExecutor.EndToEnd;

/// <summary>The node is taken away from all: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(LostNodeSpecs), DisableParallelization = true)]
[Collection(nameof(LostNodeSpecs))]
public sealed class LostNodeSpecs
{
    [Fact]
    public async Task A_node_whose_kubelet_is_stopped_is_told_and_leaves_nothing_once_it_is_back()
    {
        var kubelet = Kubelet();
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.AdminFile))!;
        settings["builder"]!["prepareTimeoutSeconds"] = 20;
        using var job = new JobOnNode { Settings = files.Write("settings.json", settings.ToJsonString()) };

        Stop(kubelet);
        string log;
        try
        {
            (var verdict, log) = await job.Run("echo never reached");
            verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, log);
        }
        finally
        {
            Continue(kubelet);
        }

        log.Should()
            .Contain("ERROR: The builder was not ready within 20 s")
            .And.Contain("Scheduled on node ")
            .And.NotContain("never reached");
        await job.PodsAreGone();
    }

    [Fact]
    public async Task A_build_goes_on_and_succeeds_while_the_kubelet_of_its_node_is_stopped()
    {
        var kubelet = Kubelet();
        using var job = new JobOnNode
        {
            Prepared = _ =>
            {
                Stop(kubelet);
                return Task.CompletedTask;
            },
        };
        string log;
        try
        {
            (var verdict, log) = await job.Run(
                "printf 'FROM %s\\nRUN sleep 10; echo the build went on\\n' $BASE_IMAGE | docker buildx build "
                    + "--progress plain -"
            );
            verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        }
        finally
        {
            Continue(kubelet);
        }

        // Not any ERROR: buildx at times tells of a harmless "PROTOCOL_ERROR".
        log.Should().MatchRegex("[0-9] the build went on\n").And.NotContain("ERROR: ");
        await job.PodsAreGone();
    }

    private static void Stop(int process) =>
        _ = ChildProcessNative.Kill(
            process,
            19 /* SIGSTOP */
        );

    private static void Continue(int process) =>
        _ = ChildProcessNative.Kill(
            process,
            18 /* SIGCONT */
        );

    private static int Kubelet()
    {
        var pid = Path.Join(Path.GetDirectoryName(Node.PodSettings), "pids", "kubelet");
        if (!File.Exists(pid))
            Assert.Skip("This cluster is not of tests/cluster: its kubelet can't be stopped.");
        return int.Parse(File.ReadAllText(pid).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
