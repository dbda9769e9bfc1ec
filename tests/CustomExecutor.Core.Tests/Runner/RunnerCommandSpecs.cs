using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Runner;

/// <summary>Finding the runner's configuration by the runner's command line.</summary>
public sealed class RunnerCommandSpecs
{
    [Theory]
    [InlineData("/usr/bin/gitlab-runner run --config /opt/c.toml", "/opt/c.toml")]
    [InlineData("gitlab-runner run --config=/opt/c.toml", "/opt/c.toml")]
    [InlineData("gitlab-runner run -c /opt/c.toml", "/opt/c.toml")]
    [InlineData("gitlab-runner run -c=/opt/c.toml --user x", "/opt/c.toml")]
    [InlineData("gitlab-runner run -config /opt/c.toml", "/opt/c.toml")]
    [InlineData(
        "gitlab-runner --debug run --working-directory /home/x --config /opt/c.toml --service gitlab-runner",
        "/opt/c.toml"
    )]
    [InlineData("gitlab-runner run-single --config /opt/c.toml", "/opt/c.toml")]
    [InlineData("gitlab-runner run --config c.toml", "/cwd/c.toml")]
    [InlineData("gitlab-runner run -d /work --config conf/c.toml", "/work/conf/c.toml /cwd/conf/c.toml")]
    [InlineData("gitlab-runner run --working-directory=/work -c c.toml", "/work/c.toml /cwd/c.toml")]
    [InlineData("gitlab-runner run", "")]
    [InlineData("gitlab-runner run --config", "")]
    [InlineData("gitlab-runner register --config /opt/c.toml", "")]
    [InlineData("bash -c /opt/c.toml", "")]
    [InlineData("", "")]
    public void The_configuration_is_found_by_the_option(string command, string files) =>
        RunnerCommand
            .ConfigFiles(command.Split(' '), "/cwd")
            .Should()
            .Equal(files.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_relative_path_is_ignored_if_the_working_directory_is_unknown() =>
        RunnerCommand.ConfigFiles(["gitlab-runner", "run", "-c", "c.toml"], null).Should().BeEmpty();
}
