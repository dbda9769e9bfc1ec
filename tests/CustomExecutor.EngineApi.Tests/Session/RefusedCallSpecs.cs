namespace CustomExecutor.EngineApi.Tests.Session;

/// <summary>What can't be: the client prints what this is and what to use instead.</summary>
public sealed class RefusedCallSpecs
{
    [Theory]
    [InlineData("run --rm busybox echo hi", "services: in the YAML")]
    [InlineData("create busybox", "Use a RUN step")]
    [InlineData("exec a ls", "No such container: a")]
    [InlineData("stop a", "No such container: a")]
    [InlineData("rm -v a", "No such container: a")]
    [InlineData("logs a", "No such container: a")]
    [InlineData("commit a b", "Use a Dockerfile")]
    [InlineData("cp a:/x .", "No such container: a")]
    [InlineData("network create a", "Use services: in the YAML")]
    [InlineData("network inspect a", "network a not found")]
    [InlineData("volume create a", "RUN --mount=type=cache")]
    [InlineData("volume inspect a", "no such volume")]
    [InlineData("swarm init", "there is no swarm")]
    [InlineData("service ls", "there is no swarm")]
    [InlineData("plugin install a/b --grant-all-permissions", "there are no plugins")]
    [InlineData("search busybox", "docker search is not served")]
    [InlineData("import http://example.com/rootfs.tar a:1", "docker import is not served")]
    [InlineData("inspect a", "No such object: a")]
    public async Task A_command_that_needs_a_daemon_explains_itself(string command, string message)
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Failure(command.Split(' '))).Should().Contain(message);
    }

    [Fact]
    public async Task The_classic_builder_is_refused_with_the_remedy()
    {
        using var engine = await Engine.Start();

        using var response = await engine.Client.PostAsync(
            "v1.47/build?t=a",
            new ByteArrayContent([]),
            TestContext.Current.CancellationToken
        );

        ((int)response.StatusCode).Should().Be(501);
        (await Engine.MessageOf(response)).Should().Contain("Unset DOCKER_BUILDKIT");
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("v1.47/session")]
    [InlineData("anything/else%0a")]
    public async Task Any_other_call_says_what_this_is(string path)
    {
        using var engine = await Engine.Start();

        using var response = await engine.Client.PostAsync(path, null, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).Should().Be(501);
        (await Engine.MessageOf(response))
            .Should()
            .StartWith("This is custom-executor's image API and not a Docker daemon")
            .And.NotContain("\n");
    }
}
