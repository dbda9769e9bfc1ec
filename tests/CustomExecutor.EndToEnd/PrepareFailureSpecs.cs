using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd;

/// <summary>Builders that a real node can't start.</summary>
public sealed class PrepareFailureSpecs
{
    [Fact]
    public async Task An_image_that_does_not_exist_is_told_and_three_attempts_leave_nothing()
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.AdminFile))!;
        settings["builder"]!["image"] = $"{Node.Registry}/no/such:image";
        settings["builder"]!["imagePullPolicy"] = "IfNotPresent";
        settings["builder"]!["prepareTimeoutSeconds"] = 5;
        using var job = new JobOnNode { Settings = files.Write("settings.json", settings.ToJsonString()) };

        var (verdict, log) = await job.Run("echo never reached");

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        log.Should()
            .Contain("no/such:image")
            .And.Contain("ERROR: ")
            .And.Contain("attempt 3 of 3")
            .And.NotContain("never reached");
        Directory.GetFileSystemEntries(job.TempRoot).Should().BeEmpty();
        await job.PodsAreGone();
    }

    [Fact]
    public async Task A_flag_that_buildkitd_does_not_know_is_told_as_the_end_of_the_builder()
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.AdminFile))!;
        settings["builder"]!["buildkitdFlags"] = new JsonArray("--nonsense");
        using var job = new JobOnNode { Settings = files.Write("settings.json", settings.ToJsonString()) };

        var (verdict, log) = await job.Run("echo never reached");

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        log.Should().Contain("The builder ended before it was ready").And.NotContain("never reached");
        await job.PodsAreGone();
    }
}
