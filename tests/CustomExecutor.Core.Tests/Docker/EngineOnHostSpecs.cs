using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Docker;

/// <summary>Whether a job whose scripts run on the host can have a Docker Engine API.</summary>
public sealed class EngineOnHostSpecs
{
    private const string Program = "/usr/local/bin/custom-executor-engine-api";

    [Fact]
    public void It_needs_docker_and_its_program()
    {
        EngineOnHost.Absence(Program, isThere: true, hasDocker: true).Should().BeNull();
        EngineOnHost
            .Absence(Program, isThere: false, hasDocker: true)
            .Should()
            .Be($"there is no program {Program}. Install it beside custom-executor; runner/publish builds both");
        EngineOnHost
            .Absence(Program, isThere: true, hasDocker: false)
            .Should()
            .Be("there is no docker in the PATH of the runner's service. Install the docker command line");
    }

    [Theory]
    [InlineData(91, true)]
    [InlineData(92, false)]
    public void Its_socket_has_a_path_that_the_kernel_takes(int directory, bool fits)
    {
        var paths = new AttemptPaths("/" + new string('a', directory - 1));

        var obstacle = EngineOnHost.Obstacle(paths);

        (obstacle is null).Should().Be(fits, $"{paths.EngineSocket.Length}");
        if (!fits)
            obstacle.Should().Contain(paths.EngineSocket).And.Contain("TMPDIR");
    }
}
