using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Docker;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>A host on which the program of the Docker Engine API is not beside the driver: the driver that was built
/// with the tests is such one.</summary>
public sealed class EngineOnHostSpecs
{
    private static readonly PlayedJob Job = new() { Id = 4711 };

    [Fact]
    public async Task An_admin_who_demands_it_is_told_and_nothing_is_left()
    {
        await using var bench = await Bench.Create(settings =>
            settings["docker"] = new JsonObject { ["engineApi"] = true }
        );
        using var attempt = new JobAttempt(bench.Host.Runner with { Driver = RunnerHost.BuiltDriver }, Job);

        var verdict = await attempt.TryToBecomeReady();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, attempt.Log.Text);
        attempt
            .Log.Text.Should()
            .Contain(
                $"docker.engineApi is true, but there is no program {Path.Join(AppContext.BaseDirectory, EngineOnHost.ProgramName)}."
                    + " Install it beside custom-executor; runner/publish builds both."
            );
        await bench.Namespace.ShouldBecomeEmpty();
        await attempt.CleanUp();
    }

    [Fact]
    public async Task A_job_has_none_where_nobody_demands_it()
    {
        await using var bench = await Bench.Create();
        using var attempt = new JobAttempt(bench.Host.Runner with { Driver = RunnerHost.BuiltDriver }, Job);
        await attempt.BecomeReady();

        var (_, output) = await attempt.Run("echo \"<$DOCKER_HOST>\"");

        output.Should().Be("<>\n");
        await attempt.CleanUp();
    }
}
