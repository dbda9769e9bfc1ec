namespace CustomExecutor.EngineApi.Tests.Registry;

/// <summary>Registries that ask for a login, by Basic and by tokens.</summary>
public sealed class LoginSpecs
{
    private static readonly TestImage Image = TestImage.With("one");

    [Fact]
    public async Task A_login_with_a_password_is_checked_stored_and_used()
    {
        using var registry = await RealRegistry.StartWithPassword();
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{registry.Address}/a:1"));

        (await docker.Failure("push", $"{registry.Address}/a:1"))
            .Should()
            .Contain("unauthorized: authentication required")
            .And.Contain("docker login");
        (await Login(docker, registry, RealRegistry.Login.Password)).Should().Contain("Login Succeeded");
        await docker.Output("push", $"{registry.Address}/a:1");

        (await registry.Manifest("a", "1")).Bytes.Should().Equal(Image.Manifest);
        engine.Process.Log.Should().NotContain(RealRegistry.Login.Password);
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        using var registry = await RealRegistry.StartWithPassword();
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);

        (await docker.Failure("login", "-u", "someone", "-p", "wrong", registry.Address))
            .Should()
            .Contain("unauthorized: incorrect username or password");
    }

    [Fact]
    public async Task Tokens_are_asked_for_with_the_login_and_for_the_repositories_of_a_mount()
    {
        await using var tokens = await TokenServer.Start();
        using var registry = await RealRegistry.StartWithTokens(tokens);
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{registry.Address}/group/a:1", $"{registry.Address}/group/b:1"));

        (await docker.Failure("login", "-u", "someone", "-p", "wrong", registry.Address))
            .Should()
            .Contain("unauthorized");
        await Login(docker, registry, RealRegistry.Login.Password);
        await docker.Output("push", $"{registry.Address}/group/a:1");
        (await docker.Output("push", $"{registry.Address}/group/b:1")).Should().Contain("Mounted from group/a");
        await docker.Output("rmi", $"{registry.Address}/group/a:1", $"{registry.Address}/group/b:1");
        await docker.Output("pull", $"{registry.Address}/group/b:1");

        tokens
            .Scopes.Distinct()
            .Should()
            .Equal(
                "repository:group/a:pull,push",
                "repository:group/b:pull,push",
                "repository:group/a:pull",
                "repository:group/b:pull"
            );
    }

    [Fact]
    public async Task A_login_without_the_right_is_told_so()
    {
        await using var tokens = await TokenServer.Start();
        using var registry = await RealRegistry.StartWithTokens(tokens);
        using var engine = await Engine.Start();
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{registry.Address}/a:1"));
        await Login(docker, registry, RealRegistry.Login.Password);
        tokens.Grants = false;

        (await docker.Failure("push", $"{registry.Address}/a:1"))
            .Should()
            .Contain("unauthorized: authentication required")
            .And.Contain("push of a");
    }

    private static Task<string> Login(DockerCommand docker, RealRegistry registry, string password) =>
        docker.Output("login", "-u", RealRegistry.Login.Username, "-p", password, registry.Address);
}
