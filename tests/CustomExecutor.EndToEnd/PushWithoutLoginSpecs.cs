using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd;

/// <summary>Pushing to a registry that asks for a login, with no <c>docker login</c> in the script.</summary>
public sealed class PushWithoutLoginSpecs
{
    private const string Push =
        "docker buildx build --build-arg BASE_IMAGE=$BASE_IMAGE --cache-to "
        + "type=registry,ref=$CI_REGISTRY_IMAGE:cache,mode=max --push -t $CI_REGISTRY_IMAGE:pushed my-service";

    [Fact]
    public async Task The_credentials_that_GitLab_sent_with_the_job_push_the_image_and_its_cache()
    {
        using var registry = await RegistryWithLogin.Start();
        using var job = new JobOnNode
        {
            Sources = Node.Example,
            Settings = registry.Settings,
            Credentials = [registry.Credentials],
        };
        job.Variables["CI_REGISTRY_IMAGE"] = $"{registry.Address}/project";

        var (verdict, log) = await job.Run(Push);

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        (await registry.Tags("project")).Should().Contain("pushed").And.Contain("cache");
        log.Should().NotContain(RegistryWithLogin.Login.Password);
    }

    [Fact]
    public async Task The_authors_DOCKER_AUTH_CONFIG_pushes_too()
    {
        using var registry = await RegistryWithLogin.Start();
        using var job = new JobOnNode { Sources = Node.Example, Settings = registry.Settings };
        job.Variables["CI_REGISTRY_IMAGE"] = $"{registry.Address}/project";
        var (username, password) = RegistryWithLogin.Login;
        job.Variables["DOCKER_AUTH_CONFIG"] = new JsonObject
        {
            ["auths"] = new JsonObject
            {
                [registry.Address] = new JsonObject { ["username"] = username, ["password"] = password },
            },
        }.ToJsonString();

        var (verdict, log) = await job.Run(Push);

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        (await registry.Tags("project")).Should().Contain("pushed");
    }

    [Theory]
    [InlineData("""{"credsStore":"desktop"}""")]
    [InlineData("""{"auths":{"x.example.com":{"auth":"!"}}}""")]
    public async Task A_DOCKER_AUTH_CONFIG_by_which_docker_would_lose_all_logins_does_not_cost_GitLabs(
        string authConfig
    )
    {
        using var registry = await RegistryWithLogin.Start();
        using var job = new JobOnNode
        {
            Sources = Node.Example,
            Settings = registry.Settings,
            Credentials = [registry.Credentials],
        };
        (job.Variables["CI_REGISTRY_IMAGE"], job.Variables["DOCKER_AUTH_CONFIG"]) = (
            $"{registry.Address}/project",
            authConfig
        );

        var (verdict, log) = await job.Run(Push);

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("Warning: DOCKER_AUTH_CONFIG is used without");
    }

    [Fact]
    public async Task Without_either_the_registry_refuses()
    {
        using var registry = await RegistryWithLogin.Start();
        using var job = new JobOnNode { Sources = Node.Example, Settings = registry.Settings };
        job.Variables["CI_REGISTRY_IMAGE"] = $"{registry.Address}/project";

        var (verdict, log) = await job.Run(Push);

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure, log);
        log.Should().ContainAny("authorization", "401", "no basic auth");
    }
}
