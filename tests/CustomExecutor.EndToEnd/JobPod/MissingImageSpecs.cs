using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Images of the job's pod that no registry has, on the real node.</summary>
public sealed class MissingImageSpecs
{
    private static string Missing { get; } = $"{Node.Registry}/nobody/has-this:1";

    /// <summary>Side by side: the driver gives each pull some time to come right.</summary>
    [Fact]
    public async Task The_authors_fail_the_job_and_the_admins_the_system_and_each_names_image_and_key()
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        settings["builder"]!["image"] = Missing;
        using var image = new JobOnNode { InPod = true, Image = Missing };
        using var service = new JobOnNode { InPod = true, Services = [new JobImage(Missing)] };
        using var builder = new JobOnNode
        {
            InPod = true,
            Settings = files.Write("settings.json", settings.ToJsonString()),
        };

        await Task.WhenAll(
            Fails(image, RunnerOutcome.BuildFailure, "image: in .gitlab-ci.yml"),
            Fails(service, RunnerOutcome.BuildFailure, "services: in .gitlab-ci.yml"),
            Fails(builder, RunnerOutcome.SystemFailure, "builder.image")
        );
    }

    private static async Task Fails(JobOnNode job, RunnerOutcome outcome, string key)
    {
        var (verdict, log) = await job.Run("echo runs");

        verdict.Outcome.Should().Be(outcome, log);
        log.Should().Contain(Missing).And.Contain(key).And.NotContain("\nruns");
    }
}
