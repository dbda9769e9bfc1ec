using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;

namespace CustomExecutor.EndToEnd;

/// <summary>The runner ends a script while BuildKit works for it, on the real node.</summary>
public sealed class CancelledBuildSpecs
{
    /// <summary>Nobody else sleeps for so long.</summary>
    private const string Step = "sleep 301";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_build_whose_script_is_cancelled_ends_in_BuildKit_too_and_the_builder_stays_until_cleanup()
    {
        using var job = new JobOnNode();
        await using var log = new WrittenLog();
        using var attempt = job.Attempt(log);
        (await attempt.Config(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, log.Text);
        (await attempt.Prepare(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, log.Text);
        var builder = attempt.Builder();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        var running = attempt.Run(
            "build_script",
            $"printf 'FROM %s\\nRUN {Step}\\n' $BASE_IMAGE | docker buildx build --progress plain -",
            inProject: false,
            cancel.Token
        );
        await Eventually.True(async () => running.IsCompleted || await HasStep(builder), "the step runs");
        running.IsCompleted.Should().BeFalse(log.Text);

        await cancel.CancelAsync();

        (await running).Outcome.Should().NotBe(RunnerOutcome.Success, log.Text);
        attempt.LastCall.Exit.Code.Should().NotBe(0);
        await Eventually.True(async () => !await HasStep(builder), "no process of the step is left");
        var pod = await Node.Pods.Read(builder, TestEnds);
        pod.Metadata.DeletionTimestamp.Should().BeNull("only the build ends, not its builder");
        pod.Status.ContainerStatuses.Should()
            .ContainSingle(c => c.Name == PodManifest.Container)
            .Which.RestartCount.Should()
            .Be(0);
        (await attempt.Cleanup()).Outcome.Should().Be(RunnerOutcome.Success, log.Text);
        Directory
            .Exists(Path.GetDirectoryName(attempt.BuildsDirectory))
            .Should()
            .BeFalse("the workspace goes with the job");
        await job.PodsAreGone();
        (await Node.Pods.HasSecret(builder, TestEnds)).Should().BeFalse();
    }

    /// <summary>Whether the step is among the builder's processes: a process namespace of its own would not hide it
    /// from the one around it.</summary>
    private static async Task<bool> HasStep(string builder)
    {
        var processes = await BuilderCommand.Output(builder, "ps");
        processes.Should().Contain("buildkitd", "the builder itself is alive");
        return processes.Contains(Step, StringComparison.Ordinal);
    }
}
