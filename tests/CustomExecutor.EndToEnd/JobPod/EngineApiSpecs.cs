using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Pipelines written for Docker-in-Docker, with Debian's docker command line, on the real node.</summary>
public sealed class EngineApiSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Docker_in_Docker_recipes_load_tag_push_pull_and_save_in_any_image()
    {
        using var job = await Job(new JobImage("docker:27-dind", "docker"));

        var (verdict, log) = await job.Run(
            DaemonRecipe.Script
                + """

                docker run $CI_REGISTRY_IMAGE:b true || echo "run: $?"
                """
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("Service docker:27-dind is not started").And.Contain("run: 125");
        await DaemonRecipe.ShouldBeDone(job, log);
    }

    [Fact]
    public async Task A_build_without_an_output_is_loaded_and_pushed()
    {
        using var job = await Job();

        var (verdict, log) = await job.Run(
            """
            printf 'FROM %s\nRUN echo hello >/hello\n' $BASE_IMAGE >Dockerfile
            docker build -t $CI_REGISTRY_IMAGE:plain .
            docker images
            docker push $CI_REGISTRY_IMAGE:plain
            """
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("plain: digest: sha256:");
    }

    [Fact]
    public async Task A_loaded_and_pushed_image_is_the_one_that_buildx_pushes_itself()
    {
        using var job = await Job();

        var (verdict, log) = await job.Run(
            """
            cat >Dockerfile <<END
            FROM $BASE_IMAGE
            LABEL made=here odd="a \\"b\\" é"
            ENV A=b
            RUN echo hello >/hello && ln -s hello /link && ln /hello /hard && chmod 4710 /hello && mkdir -p /d/e
            WORKDIR /w
            COPY Dockerfile .
            USER 1000:1000
            EXPOSE 80/udp
            ENTRYPOINT ["/bin/sh", "-c"]
            END
            docker buildx build --provenance=false -t $CI_REGISTRY_IMAGE:direct --push .
            docker build --provenance=false --load -t $CI_REGISTRY_IMAGE:loaded .
            docker push $CI_REGISTRY_IMAGE:loaded
            """
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        var direct = await PushedImage.Of(job, "direct");
        var loaded = await PushedImage.Of(job, "loaded");
        loaded.Config.Should().Be(direct.Config);
        loaded.Layers.Should().Equal(direct.Layers).And.HaveCountGreaterThan(2);
    }

    [Fact]
    public async Task GitLabs_recipe_for_layer_caching_finds_the_last_jobs_layers()
    {
        const string recipe = """
            export DOCKER_HOST=tcp://docker:2375 DOCKER_TLS_CERTDIR=""
            printf 'FROM %s\nRUN head -c 16 /dev/urandom >/random\n' $BASE_IMAGE >Dockerfile
            docker pull $CI_REGISTRY_IMAGE:latest || true
            docker build --progress plain --cache-from $CI_REGISTRY_IMAGE:latest --build-arg BUILDKIT_INLINE_CACHE=1 \
              --tag $CI_REGISTRY_IMAGE:$CI_JOB_ID --tag $CI_REGISTRY_IMAGE:latest .
            docker push $CI_REGISTRY_IMAGE:$CI_JOB_ID
            docker push $CI_REGISTRY_IMAGE:latest
            """;
        using var first = await Job();
        using var second = await Job();
        second.Variables["CI_REGISTRY_IMAGE"] = first.Variables["CI_REGISTRY_IMAGE"];

        var (built, firstLog) = await first.Run(recipe);
        var (rebuilt, secondLog) = await second.Run(recipe);

        built.Outcome.Should().Be(RunnerOutcome.Success, firstLog);
        rebuilt.Outcome.Should().Be(RunnerOutcome.Success, secondLog);
        DigestOf(secondLog).Should().Be(DigestOf(firstLog), "the step was not run again");
    }

    [Fact]
    public async Task After_script_sees_the_images_and_another_job_does_not()
    {
        await using var first = await PodAttempt.Start(await Job());
        await using var second = await PodAttempt.Start(await Job());
        await first.Passes(
            "step_script",
            "printf 'FROM %s\\n' $BASE_IMAGE | docker build --load -t mine:1 -; docker images -q mine:1"
        );

        (await first.Passes("after_script", "docker images --format '{{ .Repository }}' mine:1"))
            .Should()
            .Contain("mine");
        (await second.Passes("step_script", "docker images --format '{{ .Repository }}'")).Should().NotContain("mine");
    }

    [Fact]
    public async Task An_authors_own_daemon_is_left_alone_and_a_full_store_is_told()
    {
        using var job = await Job(size: "1Mi");

        var (verdict, log) = await job.Run(
            """
            DOCKER_HOST=tcp://docker.example.invalid:2375 docker ps 2>errors || grep -o -m 1 docker.example.invalid errors
            DOCKER_HOST=tcp://docker:2375 docker ps
            printf 'FROM %s\nRUN dd if=/dev/urandom of=/large bs=1M count=3\n' $BASE_IMAGE >Dockerfile
            docker build --load -t large:1 . || echo "no room: $?"
            docker images
            """
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("docker.example.invalid").And.Contain("CONTAINER ID").And.Contain("no room: 1");
    }

    private static string DigestOf(string log) =>
        log.Split('\n').Single(line => line.StartsWith("latest: digest: sha256:", StringComparison.Ordinal));

    public void Dispose() => _directory.Dispose();

    /// <summary>A job whose pod has the Docker Engine API.</summary>
    private async Task<JobOnNode> Job(JobImage? service = null, string size = "2Gi")
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Node.PodSettings))!.AsObject();
        settings["engine"] = new JsonObject { ["image"] = await RunnerImage.Name, ["storeSizeLimit"] = size };
        return new JobOnNode
        {
            InPod = true,
            Services = service is null ? [] : [service],
            Settings = _directory.Write($"settings-{size}.json", settings.ToJsonString()),
        };
    }
}
