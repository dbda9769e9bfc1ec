using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Containers of the job's pod that the admin is responsible for and that fail, on the real node.</summary>
public sealed class JobPodFailureSpecs
{
    [Fact]
    public async Task A_build_that_needs_more_memory_than_the_builder_has_is_the_jobs_failure_and_names_the_limit()
    {
        var (verdict, log) = await RunWith(
            settings => settings["builder"]!["resources"]!["limits"]!["memory"] = "200Mi",
            "printf 'FROM %s\\nRUN head -c 600m /dev/zero | tail > /dev/null\\n' $BASE_IMAGE | docker buildx build "
                + "--progress plain -"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure, log);
        log.Should().Contain("200Mi").And.Contain("builder.resources.limits.memory");
    }

    [Fact]
    public async Task A_restricted_container_has_no_capability_and_builds_all_the_same()
    {
        var (verdict, log) = await RunWith(
            settings => settings["job"]!["securityContext"] = "restricted",
            "id -u; grep CapBnd /proc/self/status; printf 'FROM %s\\nRUN true\\n' $BASE_IMAGE | docker buildx build -"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("\n1000\n").And.MatchRegex(@"CapBnd:\s+0{16}\n");
    }

    private static async Task<(RunnerResult Verdict, string Log)> RunWith(Action<JsonNode> change, string script)
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        change(settings);
        using var job = new JobOnNode
        {
            InPod = true,
            Settings = files.Write("settings.json", settings.ToJsonString()),
        };
        return await job.Run(script);
    }
}
