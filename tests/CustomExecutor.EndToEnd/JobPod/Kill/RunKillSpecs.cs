using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.JobPod.Kill;

/// <summary>The driver dies at each call of a script in the job's pod: while it waits for the builder, sends the
/// script, follows its output and tells its exit code. The runner goes on with the next script in the same
/// pod.</summary>
public sealed class RunKillSpecs(KilledRuns job) : IClassFixture<KilledRuns>
{
    /// <summary>A driver makes fewer calls than that.</summary>
    private const int Most = 75;

    public static TheoryData<int> Calls => [.. Enumerable.Range(1, Most)];

    [Fact]
    public async Task The_table_has_all_calls_of_a_script()
    {
        var count = await job.Count(Script("counted"));

        // A few more: how the bytes of an answer are cut differs from time to time.
        count.Should().BeInRange(40, Most - 5);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task The_driver_dies_at_a_call_its_script_ran_once_at_most_and_the_next_one_runs(int call)
    {
        var (result, output) = await job.RunKilled(call, Script($"{call}"));

        var next = await job.Attempt.Passes("after_script", $"touch ran-{call}; echo runs $(wc -l <ran-{call})");
        var hasEnded = result == new RunnerResult(RunnerOutcome.BuildFailure, 3);
        if (!hasEnded)
            result.Outcome.Should().Be(RunnerOutcome.SystemFailure, output);
        next.Should().MatchRegex(output.Contains("the script runs") ? "runs 1\n" : "runs [01]\n");
    }

    [Fact]
    public async Task A_script_whose_driver_was_killed_ends_before_the_next_one_begins()
    {
        await job.RunKilled("(set -m; sleep 301 &) >/dev/null 2>&1; echo the script runs; sleep 302");

        (await job.Attempt.Passes("after_script", "ps | grep '[s]leep 30[12]' || echo nothing"))
            .Should()
            .Contain("nothing");
    }

    private static string Script(string name) => $"echo >>ran-{name}; echo the script runs; sleep 0.3; exit 3";
}
