using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>An author's image that is long in coming, on the real node.</summary>
public sealed class SlowPullSpecs
{
    [Fact]
    public async Task Sources_are_fetched_meanwhile_and_the_authors_script_waits_as_long_as_the_admin_allows()
    {
        await using var registry = await SlowRegistry.Start();
        using var _ = NodesRegistry.SpeaksHttp(registry.Address);
        using var files = new TemporaryDirectory();
        var patient = await File.ReadAllTextAsync(Node.PodSettings, TestContext.Current.CancellationToken);
        var settings = files.Write("settings.json", patient);

        await using var attempt = await PodAttempt.Start(
            new JobOnNode
            {
                InPod = true,
                Settings = settings,
                Image = registry.Image,
            }
        );
        await attempt.Passes("restore_cache", $"cd {attempt.ProjectDirectory} && echo kept > source", inProject: false);
        await registry.IsAsked();

        files.Write("settings.json", Impatient(patient));
        var (late, lateOutput) = await attempt.Run("build_script", "echo runs");
        files.Write("settings.json", patient);
        var running = attempt.Run("after_script", "echo $MARKER has $(cat source)");
        await Eventually.True(
            () => running.IsCompleted || PullIsTold(attempt.Log[^Math.Min(attempt.Log.Length, 400)..], registry.Image),
            "the author is told of the pull"
        );
        running.IsCompleted.Should().BeFalse(attempt.Log);
        registry.Release();
        var (result, output) = await running;

        late.Outcome.Should().Be(RunnerOutcome.SystemFailure, lateOutput);
        lateOutput.Should().Contain("builder.prepareTimeoutSeconds").And.Contain(registry.Image).And.NotContain("runs");
        result.Outcome.Should().Be(RunnerOutcome.Success, output);
        output.Should().Contain($"{registry.Marker} has kept");
    }

    private static bool PullIsTold(string log, string image) =>
        log.Contains("Pulling", StringComparison.Ordinal) && log.Contains(image, StringComparison.Ordinal);

    private static string Impatient(string settings)
    {
        var changed = JsonNode.Parse(settings)!;
        changed["builder"]!["prepareTimeoutSeconds"] = 5;
        return changed.ToJsonString();
    }
}
