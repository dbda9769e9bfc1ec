using System.Net;

namespace CustomExecutor.EngineApi.Tests.Session;

/// <summary>The habits of pipelines that were written for a daemon.</summary>
public sealed class SessionSpecs
{
    [Theory]
    [InlineData("info", "images only")]
    [InlineData("version", "custom-executor (images only)")]
    [InlineData("ps -a", "CONTAINER ID")]
    [InlineData("network ls", "NETWORK ID")]
    [InlineData("volume ls", "VOLUME NAME")]
    [InlineData("system df", "Build Cache")]
    [InlineData("system df -v", "Images space usage")]
    [InlineData("system prune -af --volumes", "Total reclaimed space: 0B")]
    [InlineData("image prune -af", "Total reclaimed space: 0B")]
    public async Task A_command_of_a_session_works(string command, string shown)
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Output(command.Split(' '))).Should().Contain(shown);
    }

    [Fact]
    public async Task There_are_no_events()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Output("events", "--until", "1s")).Should().BeEmpty();
    }

    [Fact]
    public async Task Info_warns_that_this_is_no_daemon()
    {
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Run("info"))
            .StandardError.Should()
            .Contain("WARNING: This is custom-executor's image API and not a Docker daemon");
    }

    [Theory]
    [InlineData("_ping")]
    [InlineData("/v1.24/_ping")]
    [InlineData("/v1.51/_ping")]
    [InlineData("//v1.51//_ping")]
    public async Task It_answers_a_ping_of_any_version(string path)
    {
        using var engine = await Engine.Start();

        using var response = await engine.Client.GetAsync(
            new Uri($"http://engine/{path.TrimStart('/')}"),
            TestContext.Current.CancellationToken
        );

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Be("OK");
        response.Headers.GetValues("Builder-Version").Should().Equal("2");
        response.Headers.GetValues("Api-Version").Should().Equal("1.47");
        response.Headers.GetValues("Ostype").Should().Equal("linux");
    }

    [Fact]
    public async Task A_ping_by_HEAD_has_the_same_headers()
    {
        using var engine = await Engine.Start();
        using var request = new HttpRequestMessage(HttpMethod.Head, "_ping");

        using var response = await engine.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.GetValues("Api-Version").Should().Equal("1.47");
    }

    [Fact]
    public async Task SIGTERM_ends_it_cleanly_while_a_client_waits_for_events()
    {
        using var engine = await Engine.Start();
        using var events = await engine.Client.GetAsync(
            "events",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );

        (await engine.Process.Terminate()).Should().Be(0);

        File.Exists(engine.Socket).Should().BeFalse();
        engine.Process.Log.Should().NotContain("error").And.EndWith("ended");
    }

    [Fact]
    public async Task Only_its_own_user_may_connect_unless_the_mode_says_otherwise()
    {
        using var own = await Engine.Start();
        using var shared = await Engine.Start("--socket-mode", "666");

        File.GetUnixFileMode(own.Socket).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ((int)File.GetUnixFileMode(shared.Socket)).Should().Be(Convert.ToInt32("666", 8));
    }

    [Fact]
    public async Task What_is_wrong_with_the_arguments_is_said_at_once()
    {
        var few = async () => await Engine.Start("--max-store-bytes", "0");

        (await few.Should().ThrowAsync<InvalidOperationException>()).WithMessage(
            "*--max-store-bytes is a number greater than 0*"
        );
    }
}
