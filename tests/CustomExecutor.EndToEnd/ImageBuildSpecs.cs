using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd;

/// <summary>What a pipeline author does with docker, on the real node.</summary>
public sealed class ImageBuildSpecs
{
    private static readonly string ExampleScript = File.ReadAllText(Path.Join(Node.Example, "script.sh"));

    [Fact]
    public async Task A_job_pushes_a_multi_stage_image_and_the_next_jobs_new_builder_finds_its_cache()
    {
        using var first = new JobOnNode { Sources = Node.Example };
        using var second = new JobOnNode { Sources = Node.Example };
        second.Variables["CI_REGISTRY_IMAGE"] = first.Variables["CI_REGISTRY_IMAGE"];

        var (built, firstLog) = await first.Run(ExampleScript);
        var (rebuilt, secondLog) = await second.Run(ExampleScript);

        built.Outcome.Should().Be(RunnerOutcome.Success, firstLog);
        firstLog.Should().Contain("HELLO FROM A ROOTLESS BUILDER").And.NotContain(" CACHED");
        rebuilt.Outcome.Should().Be(RunnerOutcome.Success, secondLog);
        secondLog.Should().Contain(" CACHED").And.NotContain("HELLO FROM A ROOTLESS BUILDER");
        (await Tags(first)).Should().Contain("main");
    }

    [Fact]
    public async Task Plain_docker_build_uses_the_jobs_builder_too()
    {
        using var job = new JobOnNode { Sources = Node.Example };

        var (verdict, log) = await job.Run(
            "docker build --build-arg BASE_IMAGE=$BASE_IMAGE --push -t $CI_REGISTRY_IMAGE:plain my-service"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        (await Tags(job, "")).Should().Contain("plain");
    }

    [Fact]
    public async Task A_step_that_fails_fails_the_job_and_not_the_system()
    {
        using var job = new JobOnNode();

        var (verdict, log) = await job.Run(
            "printf 'FROM %s\\nRUN echo told to the author; exit 7\\n' $BASE_IMAGE | docker buildx build -"
        );

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 1), log);
        log.Should().Contain("told to the author").And.Contain("exit code: 7");
    }

    [Fact]
    public async Task A_step_that_asks_who_it_is_is_root_of_its_own_user_namespace_only()
    {
        using var job = new JobOnNode();

        var (verdict, log) = await job.Run(
            "printf 'FROM %s\\nRUN echo uid=$(id -u) host=$(awk \"{print \\$2; exit}\" /proc/self/uid_map)\\n' "
                + "$BASE_IMAGE | docker buildx build --progress plain -"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("uid=0 host=1000");
    }

    private static async Task<string> Tags(JobOnNode job, string name = "/my-service")
    {
        using var client = new HttpClient();
        var repository = job.Variables["CI_REGISTRY_IMAGE"][(Node.Registry.Length + 1)..] + name;
        return await client.GetStringAsync(
            new Uri($"http://{Node.Registry}/v2/{repository}/tags/list"),
            TestContext.Current.CancellationToken
        );
    }
}
