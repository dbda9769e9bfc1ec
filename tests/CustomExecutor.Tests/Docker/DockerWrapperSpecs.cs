using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Tests.Docker;

/// <summary>The <c>docker</c> in front of a script's <c>PATH</c>, as a shell runs it.</summary>
public sealed class DockerWrapperSpecs : IDisposable
{
    private const string Shown = """
        #!/bin/sh
        echo "$# $1 $2|${DOCKER_HOST-unset}|${DOCKER_TLS_VERIFY-unset}|${DOCKER_CERT_PATH-unset}|${OTHER-unset}"
        exit 42

        """;

    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("tcp://docker:2376")]
    [InlineData("tcp://docker:2375")]
    [InlineData("tcp://docker")]
    [InlineData("tcp://engine:2375")]
    [InlineData("tcp://localhost:2375")]
    public async Task Docker_forgets_a_daemon_in_a_service(string host) =>
        (await Run(host, "1", "/certs/client")).Should().Be("3 build a b|unset|unset|unset|kept\n");

    [Fact]
    public async Task Docker_forgets_certificates_that_are_not_there() =>
        (await Run("", "1", "/certs/client")).Should().Be("3 build a b|unset|unset|unset|kept\n");

    [Fact]
    public async Task Certificates_that_the_author_has_brought_are_left_alone()
    {
        _directory.Write("ca.pem", "x");

        (await Run("", "1", _directory.Path)).Should().Be($"3 build a b||1|{_directory.Path}|kept\n");
    }

    [Theory]
    [InlineData("ssh://build@example.com")]
    [InlineData("tcp://docker.example.com:2376")]
    [InlineData("unix:///var/run/docker.sock")]
    public async Task An_authors_own_daemon_is_left_alone(string host) =>
        (await Run(host, "1", "/my/certs")).Should().Be($"3 build a b|{host}|1|/my/certs|kept\n");

    [Fact]
    public async Task It_runs_under_a_script_that_stops_at_unset_variables_and_keeps_the_exit_code()
    {
        var result = await Cli.Wrap("/bin/sh")
            .WithArguments(["-euc", $"{Wrapper("it's docker")} build 'a b' x; echo never"])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

        result.StandardOutput.Should().Be("3 build a b|unset|unset|unset|unset\n");
        result.ExitCode.Should().Be(42);
    }

    [Theory]
    [InlineData("tcp://docker:2376")]
    [InlineData("tcp://localhost:2375")]
    [InlineData("")]
    [InlineData("unix://SOCKET")]
    public async Task With_an_engine_api_docker_talks_to_it(string host) =>
        (await RunWithEngine(host, "build", "a b", "x")).Should().Be("3 build a b|unix://SOCKET|unset|unset|kept\n");

    [Theory]
    [InlineData("ssh://build@example.com")]
    [InlineData("tcp://docker.example.com:2376")]
    public async Task With_an_engine_api_an_authors_own_daemon_is_left_alone(string host) =>
        (await RunWithEngine(host, "push", "x")).Should().Be($"2 push x|{host}|1|/certs/client|kept\n");

    [Theory]
    [InlineData("github.com/docker/buildx v0.13.1 788433953af10f2a698f5c07611dddce2e08c7a0", false)]
    [InlineData("github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-1+b1", false)]
    [InlineData("github.com/docker/buildx v0.14.0 171fcbeb69d67c90ba7f44f41a9e418f6a6ec1da", true)]
    [InlineData("github.com/docker/buildx v0.36.1 a", true)]
    [InlineData("github.com/docker/buildx v1.0.0 a", true)]
    [InlineData("github.com/docker/buildx v0.0.0+unknown", false)]
    [InlineData("docker: 'buildx' is not a docker command.", false)]
    [InlineData("", false)]
    public async Task Builds_are_loaded_by_default_where_buildx_knows_how(string version, bool expected)
    {
        _directory.Write("version", version + "\n");

        await RunWithEngine("", "build", ".");
        await RunWithEngine("", "build", ".");

        (await File.ReadAllTextAsync(Instance, TestContext.Current.CancellationToken))
            .Should()
            .Be(expected ? "{\"load\": true}" : "{}");
        Directory.GetFiles(_directory.Path, "looked*").Should().HaveCount(1);
    }

    [Theory]
    [InlineData("--platform=linux/amd64,linux/arm64", ".", "1")]
    [InlineData("--platform", "linux/amd64,linux/arm64", "1")]
    [InlineData("--platform=linux/arm64", "--secret=id=a,src=b", "")]
    [InlineData("--platform", "linux/arm64", "")]
    [InlineData("--build-arg", "PLATFORMS=a,b", "")]
    public async Task A_build_for_several_platforms_is_not_loaded(string first, string second, string expected)
    {
        await RunWithEngine("", "build", first, second);

        (await File.ReadAllTextAsync(Path.Join(_directory.Path, "no-load"), TestContext.Current.CancellationToken))
            .Should()
            .Be(expected + "\n");
    }

    [Fact]
    public async Task An_authors_own_context_is_left_alone() =>
        (await RunInContext("mine", "", "ps")).Should().Be("1 ps |unset|unset|unset|kept\n");

    private string Instance => Path.Join(_directory.Path, "instance");

    private Task<string> RunWithEngine(string host, params string[] words) => RunInContext("", host, words);

    private async Task<string> RunInContext(string context, string host, params string[] words)
    {
        var socket = Path.Join(_directory.Path, "socket");
        if (!File.Exists(Instance))
            _directory.Write("instance", "{}");
        var docker = _directory.WriteExecutable(
            "docker",
            $"""
            #!/bin/sh
            if [ "$1 $2" = "buildx version" ]; then exec cat {_directory.Path}/version; fi
            echo "$BUILDX_NO_DEFAULT_LOAD" >{_directory.Path}/no-load
            {Shown["#!/bin/sh\n".Length..]}
            """
        );
        var wrapper = _directory.WriteExecutable(
            "wrapper",
            new DockerWrapper(
                [new JobImage("docker:dind", "engine")],
                new EngineClient(socket, Instance, "{\"load\": true}", Path.Join(_directory.Path, "looked"))
            ).OnHost(docker)
        );
        var result = await Cli.Wrap(wrapper)
            .WithArguments(words)
            .WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(
                new Dictionary<string, string?>
                {
                    ["DOCKER_HOST"] = host.Replace("SOCKET", socket, StringComparison.Ordinal),
                    ["DOCKER_CONTEXT"] = context,
                    ["DOCKER_TLS_VERIFY"] = "1",
                    ["DOCKER_CERT_PATH"] = "/certs/client",
                    ["BUILDX_NO_DEFAULT_LOAD"] = null,
                    ["OTHER"] = "kept",
                }
            )
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        (result.StandardError, result.ExitCode).Should().Be(("", 42));
        return result.StandardOutput.Replace(socket, "SOCKET", StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private async Task<string> Run(string host, string verify, string certificates)
    {
        var result = await Cli.Wrap(Wrapper("docker"))
            .WithArguments(["build", "a b", "x"])
            .WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(
                new Dictionary<string, string?>
                {
                    ["DOCKER_HOST"] = host,
                    ["DOCKER_TLS_VERIFY"] = verify,
                    ["DOCKER_CERT_PATH"] = certificates,
                    ["OTHER"] = "kept",
                }
            )
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        result.StandardError.Should().BeEmpty();
        return result.StandardOutput;
    }

    private string Wrapper(string docker) =>
        _directory.WriteExecutable(
            "wrapper",
            new DockerWrapper([new JobImage("docker:dind", "engine $(x)")], Engine: null).OnHost(
                _directory.WriteExecutable(docker, Shown)
            )
        );
}
