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

    private string Wrapper(string docker)
    {
        var wrapper = _directory.Write(
            "wrapper",
            new DockerWrapper([new JobImage("docker:dind", "engine $(x)")], Engine: null).OnHost(
                _directory.Write(docker, Shown)
            )
        );
        foreach (var file in (string[])[wrapper, Path.Join(_directory.Path, docker)])
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return wrapper;
    }
}
