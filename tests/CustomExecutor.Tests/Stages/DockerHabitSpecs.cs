using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>A job that was written for Docker-in-Docker, from prepare to its script.</summary>
public sealed class DockerHabitSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new()
    {
        Id = 4711,
        Image = "docker:27",
        Services = [new JobImage("docker:27-dind", "engine")],
        Variables =
        [
            new("DOCKER_HOST", "tcp://docker:2376"),
            new("DOCKER_TLS_VERIFY", "1"),
            new("DOCKER_CERT_PATH", "/certs/client"),
            new("DOCKER_TLS_CERTDIR", "/certs"),
        ],
    };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

    [Fact]
    public async Task The_job_log_names_what_of_the_job_is_not_used_in_one_line_each()
    {
        var attempt = await _bench.Ready(Job);

        attempt
            .Log.Text.Split('\n')
            .Should()
            .ContainSingle(line => line.StartsWith("Not used: image docker:27, service docker:27-dind."))
            .And.ContainSingle(line =>
                line.StartsWith(
                    "DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH are for Docker-in-Docker and are ignored"
                )
            );
    }

    [Fact]
    public async Task The_scripts_docker_starts_in_spite_of_the_recipes_variables()
    {
        var attempt = await _bench.Ready(Job);

        // Without the driver's docker in front: ERROR: docker endpoint for "default" not found.
        var (verdict, output) = await attempt.Run("docker context ls --quiet && echo HOST=$DOCKER_HOST");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
        output.Should().Contain("default").And.Contain("HOST=tcp://docker:2376");
    }

    [Fact]
    public async Task A_variable_of_type_File_gives_the_job_its_logins()
    {
        const string logins = """{"auths":{"docker.example.com":{"auth":"YXV0aG9yOnNlY3JldA=="}}}""";
        var attempt = await _bench.Ready(
            new PlayedJob
            {
                Id = 4711,
                FileVariables = new Dictionary<string, string> { ["DOCKER_AUTH_CONFIG"] = logins },
            }
        );

        (
            await File.ReadAllTextAsync(
                Path.Join(attempt.Paths.DockerConfig, "config.json"),
                TestContext.Current.CancellationToken
            )
        )
            .Should()
            .Contain("YXV0aG9yOnNlY3JldA==");
        attempt.Log.Text.Should().NotContain("DOCKER_AUTH_CONFIG").And.NotContain("YXV0aG9y");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
