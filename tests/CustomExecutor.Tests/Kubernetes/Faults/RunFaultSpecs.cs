using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Faults;
using k8s.Models;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>Every API call with which <c>run</c> watches its builder meets every fault, while the script goes
/// on.</summary>
public sealed class RunFaultSpecs(FaultBench bench) : IClassFixture<FaultBench>
{
    private static readonly string[] Calls = ["GET pod", "WATCH pods", "WATCH events"];

    // The slow ones first.
    public static TheoryData<string, string> Troubles =>
        [
            .. from call in Calls
            from trouble in RunTrouble.Of(call)
            orderby trouble.Slow descending
            select (call, trouble.Name),
        ];

    [Fact]
    public async Task The_calls_of_a_run_are_those_of_the_table_here()
    {
        await using var job = await Ready();
        var before = job.Proxy.Calls.Count;

        await RunUntil(() => job.Count("WATCH pods") == 2 && job.Count("WATCH events") == 2, job, "sleep 0.5");

        job.Proxy.Calls.Skip(before).Select(c => c.Kind).Distinct().Should().BeEquivalentTo(Calls);
        await job.IsCleanedUp();
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Whatever_the_watch_meets_a_good_script_succeeds_and_a_deleted_builder_is_reported(
        string call,
        string name
    )
    {
        var trouble = RunTrouble.Of(call).Single(t => t.Name == name);
        await using var job = await Ready(); // One for both scripts: preparing it is what takes the time.
        await IsASuccess(job, call, trouble);
        await IsToldOfTheDeletion(job, call, trouble);
        (job.Proxy.Rules, job.Proxy.Meets) = ([], null);
        await job.IsCleanedUp();
    }

    [Fact]
    public async Task A_builder_that_dies_while_the_API_server_is_away_is_told_once_it_is_back()
    {
        await using var job = await Ready();
        var running = RunUntil(() => IsTold(job), job, "exit 1");
        await Eventually.True(() => job.Count("WATCH events") == 2, "the script's builder is watched");
        job.Proxy.Front.Close();
        await new PodOnNode(await BuilderOf(job), TestContext.Current.CancellationToken).Ended(1, "Error");

        job.Proxy.Front.Open();

        var (verdict, output) = await running;
        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, job.Record);
        output.Should().Contain("The builder ended while the job used it: Error, exit code 1", job.Record);
    }

    [Fact]
    public async Task A_builder_that_is_gone_is_told_to_a_script_that_failed_though_the_driver_may_not_watch_it()
    {
        await using var job = await Ready();
        job.Proxy.Rules = [new FaultRule("GET pod", new Fault.Answer(403, "Forbidden"), Times: int.MaxValue)];
        await bench.Namespace.DeleteNow(await BuilderOf(job));

        var (verdict, output) = await job.Attempt.Run(
            $"until ! (: </dev/tcp/{job.Attempt.State.Endpoint!.Replace(':', '/')}) 2>/dev/null; do sleep 0.1; "
                + "done; sleep 1.5; exit 1"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, job.Record);
        output.Should().Contain("The builder no longer answers at", job.Record);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_script_that_fails_keeps_its_own_exit_code_though_the_API_never_answers(bool isListening)
    {
        await using var job = await Ready();
        job.Proxy.Rules = [new FaultRule(null, new Fault.Silent(), Times: int.MaxValue)];
        if (!isListening)
            job.Proxy.Front.Close();

        var (verdict, output) = await job.Attempt.Run("sleep 2; exit 3");

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 3), job.Record);
        output.Should().BeEmpty();
    }

    private static bool IsTold(FaultedJob job) => job.Log.Contains("ERROR: ", StringComparison.Ordinal);

    /// <summary>Runs a script that goes on until something is so.</summary>
    private static async Task<(RunnerResult Verdict, string Output)> RunUntil(
        Func<bool> condition,
        FaultedJob job,
        string end
    )
    {
        var flag = Path.Combine(job.Host.Directory, "flag");
        var running = job.Attempt.Run($"until [ -e {ScriptFile.Quote(flag)} ]; do sleep 0.1; done; {end}");
        await Eventually.True(() => running.IsCompleted || condition(), $"the script may end.{job.Record}");
        await File.WriteAllTextAsync(flag, "", TestContext.Current.CancellationToken);
        var ended = await running;
        File.Delete(flag);
        return ended;
    }

    private async Task<V1Pod> BuilderOf(FaultedJob job) => (await bench.PodsOf(job.Attempt.Job.Id)).Single();

    private async Task<FaultedJob> Ready()
    {
        var job = await bench.Job();
        await job.Attempt.BecomeReady();
        return job;
    }

    private static async Task IsASuccess(FaultedJob job, string call, RunTrouble trouble)
    {
        trouble.Await(job, call, () => Task.CompletedTask);
        var before = job.Count(call);

        var (verdict, output) = await RunUntil(() => job.Count(call) > before, job, "sleep 0.5; echo the end");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, job.Record);
        output.Should().Be("the end\n", "a script's output is its own");
    }

    private async Task IsToldOfTheDeletion(FaultedJob job, string call, RunTrouble trouble)
    {
        trouble.Await(job, call, async () => await bench.Namespace.DeleteNow(await BuilderOf(job)));

        var (verdict, output) = await RunUntil(() => IsTold(job), job, "exit 1");

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, job.Record);
        output.Should().Contain("The builder pod was deleted by somebody else while the job used it", job.Record);
    }
}
