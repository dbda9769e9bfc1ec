using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Docker;

public sealed class DockerInDockerSpecs
{
    private static readonly JobImage Daemon = new("docker:27-dind", "engine, daemon");

    [Theory]
    [InlineData("docker:dind")]
    [InlineData("docker:27-dind")]
    [InlineData("docker:24.0.5-dind-rootless")]
    [InlineData("registry.example.com:5000/mirror/docker:27-dind")]
    [InlineData("registry.example.com/group/my-dind:1")]
    public void A_daemon_is_recognised_by_its_image(string image) =>
        DockerInDocker.IsDaemon(new JobImage(image)).Should().BeTrue();

    [Theory]
    [InlineData("docker:27")]
    [InlineData("postgres:16")]
    [InlineData("dind.example.com/postgres:16")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_services_are_not_daemons(string? image) =>
        DockerInDocker.IsDaemon(new JobImage(image)).Should().BeFalse();

    [Theory]
    [InlineData("tcp://docker:2376", false)]
    [InlineData("tcp://docker:2375", false)]
    [InlineData("tcp://docker", false)]
    [InlineData("tcp://localhost:2375", true)]
    [InlineData("tcp://daemon:2375", true)]
    [InlineData("tcp://engine:2376", true)]
    public void The_author_learns_that_the_address_of_a_daemon_in_a_service_is_ignored(string host, bool withService) =>
        Notice(withService, ("DOCKER_HOST", host), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "/certs/client"))
            .Should()
            .StartWith("DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH are for Docker-in-Docker and are ignored")
            .And.Contain("--push");

    [Fact]
    public void With_an_engine_api_the_author_learns_that_docker_push_works() =>
        Notice(hasEngine: true, withService: true, ("DOCKER_HOST", "tcp://docker:2376"))
            .Should()
            .Contain("docker push, pull, tag and other commands for images work too")
            .And.NotContain("--push");

    [Fact]
    public void Certificates_without_an_address_are_ignored_too() =>
        Notice(false, ("DOCKER_TLS_VERIFY", "1")).Should().StartWith("DOCKER_TLS_VERIFY is for");

    [Theory]
    [InlineData("ssh://build@daemon.example.com")]
    [InlineData("tcp://docker.example.com:2376")]
    [InlineData("tcp://localhost:2375")]
    [InlineData("unix:///var/run/docker.sock")]
    [InlineData("tcp://docker\n:1")]
    public void An_authors_own_daemon_is_not_reported(string host) =>
        Notice(false, ("DOCKER_HOST", host), ("DOCKER_TLS_VERIFY", "1")).Should().BeNull();

    [Fact]
    public void A_job_without_such_variables_gets_no_line() =>
        Notice(true, ("DOCKER_TLS_CERTDIR", "/certs"), ("DOCKER_DRIVER", "overlay2")).Should().BeNull();

    [Theory]
    [InlineData("$(reboot)")]
    [InlineData("a;b")]
    [InlineData("*")]
    [InlineData("a) exec x ;;\n")]
    public void A_hostile_alias_is_not_written_into_the_wrapper(string alias) =>
        new DockerWrapper([new JobImage("docker:dind", alias)], Engine: null)
            .OnHost("/usr/bin/docker")
            .Should()
            .NotContain("reboot")
            .And.NotContain("exec x")
            .And.NotContain("tcp://*");

    private static string? Notice(bool withService, params (string Name, string Value)[] variables) =>
        Notice(hasEngine: false, withService, variables);

    private static string? Notice(bool hasEngine, bool withService, params (string Name, string Value)[] variables) =>
        DockerInDocker.Notice(
            name => variables.FirstOrDefault(v => v.Name == name).Value,
            withService ? [Daemon] : [],
            hasEngine
        );
}
