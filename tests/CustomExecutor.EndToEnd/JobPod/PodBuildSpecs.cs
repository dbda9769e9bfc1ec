using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Builds from an author's image that has no docker, on the real node.</summary>
public sealed class PodBuildSpecs
{
    private static readonly string ExampleScript = File.ReadAllText(Path.Join(Node.Example, "script.sh"));

    [Fact]
    public async Task A_job_pushes_a_multi_stage_image_and_the_next_jobs_new_builder_finds_its_cache()
    {
        using var first = new JobOnNode { InPod = true, Sources = Node.Example };
        using var second = new JobOnNode
        {
            InPod = true,
            Sources = Node.Example,
            Image = "localhost/job-user:1",
        };
        second.Variables["CI_REGISTRY_IMAGE"] = first.Variables["CI_REGISTRY_IMAGE"];

        var (built, firstLog) = await first.Run(ExampleScript);
        var (rebuilt, secondLog) = await second.Run(ExampleScript);

        built.Outcome.Should().Be(RunnerOutcome.Success, firstLog);
        firstLog.Should().Contain("HELLO FROM A ROOTLESS BUILDER").And.NotContain(" CACHED");
        rebuilt.Outcome.Should().Be(RunnerOutcome.Success, secondLog);
        secondLog.Should().Contain(" CACHED").And.NotContain("HELLO FROM A ROOTLESS BUILDER");
    }

    [Fact]
    public async Task Secrets_ssh_keys_files_as_output_bake_and_plain_docker_build_work_without_root()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        using var job = new JobOnNode
        {
            InPod = true,
            Image = "localhost/job-user:1",
            FileVariables = new Dictionary<string, string>
            {
                ["SSH_KEY"] = key.ExportRSAPrivateKeyPem() + "\n",
                ["TOKEN_FILE"] = "a secret of the project",
            },
        };

        var (verdict, log) = await job.Run(
            """
            cat > Dockerfile <<END
            FROM $BASE_IMAGE AS secret
            RUN --mount=type=secret,id=token wc -c < /run/secrets/token > /length
            FROM $BASE_IMAGE AS ssh
            RUN --mount=type=ssh test -S "\$SSH_AUTH_SOCK" && echo has an agent > /agent
            FROM scratch
            COPY --from=secret /length /
            COPY --from=ssh /agent /
            END
            docker buildx build --secret id=token,src=$TOKEN_FILE --ssh default=$SSH_KEY --output out .
            cat out/length out/agent
            echo "FROM $BASE_IMAGE" > Bakefile
            cat > docker-bake.json <<END
            {"target": {"default": {
              "dockerfile": "Bakefile", "tags": ["$CI_REGISTRY_IMAGE:baked"], "output": ["type=registry"]
            }}}
            END
            docker buildx bake --progress plain
            docker build -f Bakefile -t $CI_REGISTRY_IMAGE:plain --push .
            """
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("23\nhas an agent").And.Contain(":baked").And.Contain(":plain");
    }
}
