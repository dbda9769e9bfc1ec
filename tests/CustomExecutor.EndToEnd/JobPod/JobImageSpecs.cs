using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Images that authors name, on the real node.</summary>
public sealed class JobImageSpecs
{
    [Fact]
    public async Task An_image_without_a_shell_is_the_jobs_failure_and_told()
    {
        using var job = new JobOnNode { InPod = true, Image = "localhost/job-shellless:1" };

        var (verdict, log) = await job.Run("echo runs");

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure, log);
        log.Should().Contain("localhost/job-shellless:1").And.Contain("shell").And.NotContain("\nruns");
    }

    [Theory]
    [InlineData("localhost/job:1")]
    [InlineData("localhost/job-user:1")]
    public async Task A_job_builds_and_pushes_with_a_read_only_root_filesystem(string image)
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        settings["job"]!["readOnlyRootFilesystem"] = true;
        using var job = new JobOnNode
        {
            InPod = true,
            Image = image,
            Settings = files.Write("settings.json", settings.ToJsonString()),
        };

        var (verdict, log) = await job.Run(
            """
            for place in /usr/bin/x /etc/x /x; do (: > $place) 2>/dev/null && echo "wrote $place"; done
            echo kept > /tmp/file
            echo kept > "$HOME/file"
            cat /tmp/file "$HOME/file"
            echo "FROM $BASE_IMAGE" > Dockerfile
            docker buildx build -t "$CI_REGISTRY_IMAGE:1" --push .
            """
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("kept\nkept").And.NotContain("wrote /");
    }

    [Fact]
    public async Task An_image_that_is_not_allowed_is_refused_before_any_pod()
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        settings["job"]!["allowedImages"] = new JsonArray("registry.example.com/*");
        using var job = new JobOnNode
        {
            InPod = true,
            Image = "docker.io/library/alpine:3",
            Settings = files.Write("settings.json", settings.ToJsonString()),
        };

        var (verdict, log) = await job.Run("echo runs");

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure, log);
        log.Should()
            .Contain("Image docker.io/library/alpine:3 is not allowed on this runner")
            .And.Contain("job.allowedImages")
            .And.NotContain("Created pod");
    }
}
