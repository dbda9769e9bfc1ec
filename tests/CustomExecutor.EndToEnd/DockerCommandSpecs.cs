using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd;

/// <summary>The README's table of docker commands: each row is run in a job on the real node.</summary>
public sealed class DockerCommandSpecs(DockerCommandJob job) : IClassFixture<DockerCommandJob>
{
    public static TheoryData<string, string, int, string> Rows =>
        new()
        {
            { "docker buildx build --push", "docker buildx build --push -t $IMAGE .", 0, "pushing manifest" },
            { "docker build --push", "docker build --push -t $IMAGE .", 0, "pushing manifest" },
            {
                "docker buildx bake --push",
                """printf 'target "default" { tags = ["%s"] }' $IMAGE > docker-bake.hcl; docker buildx bake --push""",
                0,
                "pushing manifest"
            },
            {
                "docker buildx build --output",
                "docker buildx build -o type=docker,dest=image.tar . && tar tf image.tar",
                0,
                "manifest.json"
            },
            { "docker buildx ls", "docker buildx ls", 0, "k8s-builder-" },
            { "docker build", "docker build -t $IMAGE .", 0, "No output specified" },
            { "docker push", "docker push $IMAGE", 1, "Cannot connect to the Docker daemon" },
            { "docker pull", "docker pull $IMAGE", 1, "Cannot connect to the Docker daemon" },
            { "docker tag", "docker tag a b", 1, "Cannot connect to the Docker daemon" },
            { "docker images", "docker images", 1, "Cannot connect to the Docker daemon" },
            { "docker info", "docker info", 1, "Cannot connect to the Docker daemon" },
            { "docker version", "docker version", 1, "Cannot connect to the Docker daemon" },
            { "docker run", "docker run $BASE_IMAGE true", 125, "Cannot connect to the Docker daemon" },
            { "docker buildx build --load", "docker buildx build --load .", 1, "ERROR: " },
            { "docker buildx create --use", "docker buildx create --use", 1, "ERROR: " },
            { "docker buildx create --bootstrap", "docker buildx create --bootstrap --name mine", 1, "ERROR: " },
            {
                "DOCKER_BUILDKIT=0 docker build",
                "DOCKER_BUILDKIT=0 docker build .",
                1,
                "Cannot connect to the Docker daemon"
            },
            {
                "docker build --network=host",
                "docker build --network=host --push -t $IMAGE .",
                1,
                "network.host is not allowed"
            },
            {
                "USER 200000",
                """printf 'FROM %s\nRUN chown 200000:200000 /bin\n' "$BASE_IMAGE" | docker buildx build -""",
                1,
                "Invalid argument"
            },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_command_does_what_the_README_says(string row, string command, int exitCode, string output)
    {
        var (code, text) = job.ResultOf(command);

        code.Should().Be(exitCode, text);
        text.Should().Contain(output);
        (await File.ReadAllTextAsync(RepositoryFile.PathOf("README.md"), TestContext.Current.CancellationToken))
            .Should()
            .Contain($"`{row}`");
    }

    [Fact]
    public async Task The_variables_of_a_Docker_in_Docker_recipe_stop_no_build()
    {
        using var recipe = new JobOnNode { Services = [new JobImage("docker:dind")], Image = "docker:27" };
        (recipe.Variables["DOCKER_HOST"], recipe.Variables["DOCKER_TLS_CERTDIR"]) = ("tcp://docker:2376", "/certs");
        (recipe.Variables["DOCKER_TLS_VERIFY"], recipe.Variables["DOCKER_CERT_PATH"]) = ("1", "/certs/client");

        var (verdict, log) = await recipe.Run(
            DockerCommandJob.Prepare + "docker buildx build --push -t $IMAGE . && docker build --push -t $IMAGE ."
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should()
            .Contain("Not used: image docker:27, service docker:dind.")
            .And.Contain("are for Docker-in-Docker and are ignored");
    }
}
