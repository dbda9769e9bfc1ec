using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using k8s;

namespace CustomExecutor.EndToEnd;

/// <summary>Builders that end, or whose builds do, under the job's script on the real node.</summary>
public sealed class BuilderEndSpecs
{
    private const string LongBuild =
        "printf 'FROM %s\\nRUN echo started; sleep 300\\n' $BASE_IMAGE | docker buildx build --progress plain -";

    [Fact]
    public async Task A_build_that_needs_more_memory_than_the_builder_has_is_the_jobs_failure_and_names_the_limit()
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.AdminFile))!;
        settings["builder"]!["resources"]!["limits"]!["memory"] = "200Mi";
        using var job = new JobOnNode { Settings = files.Write("settings.json", settings.ToJsonString()) };

        var (verdict, log) = await job.Run(
            "printf 'FROM %s\\nRUN head -c 600m /dev/zero | tail > /dev/null\\n' $BASE_IMAGE | docker buildx build "
                + "--progress plain -"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure, log);
        log.Should().Contain("200Mi").And.Contain("builder.resources.limits.memory");
    }

    [Fact]
    public async Task A_builder_that_somebody_deletes_is_told_at_once_and_a_system_failure()
    {
        using var job = new JobOnNode { Prepared = async attempt => await DeleteSoon(attempt.Builder()) };

        var (verdict, log) = await job.Run(LongBuild);

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, log);
        log.Should().Contain("The builder pod was deleted by somebody else while the job used it");
    }

    [Fact]
    public async Task A_builder_that_takes_more_disk_than_it_may_is_evicted_and_told()
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.AdminFile))!;
        settings["builder"]!["stateSizeLimit"] = "20Mi";
        using var job = new JobOnNode { Settings = files.Write("settings.json", settings.ToJsonString()) };

        var (verdict, log) = await job.Run(
            "printf 'FROM %s\\nRUN head -c 100m /dev/zero > /big; sleep 120\\n' $BASE_IMAGE | docker buildx build "
                + "--progress plain -"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure, log);
        log.Should().Contain("builder.stateSizeLimit");
    }

    private static Task DeleteSoon(string builder)
    {
        _ = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(4));
            await Node.Client.CoreV1.DeleteNamespacedPodAsync(
                builder,
                Node.Settings.Kubernetes.Namespace,
                gracePeriodSeconds: 1
            );
        });
        return Task.CompletedTask;
    }
}
