using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Testing.Faults;

/// <summary>One attempt at a job behind a proxy of its own.</summary>
internal sealed class FaultedJob(FaultBench bench, ApiProxy proxy, RunnerHost host, JobAttempt attempt)
    : IAsyncDisposable
{
    public ApiProxy Proxy => proxy;

    public RunnerHost Host => host;

    public JobAttempt Attempt => attempt;

    public string Log => attempt.Log.Text;

    /// <summary>What went over the proxy, for messages.</summary>
    public string Record =>
        $"\n{string.Join('\n', proxy.Calls)}\n{Log}{(File.Exists(host.AdminLog) ? File.ReadAllText(host.AdminLog) : "")}";

    public int Count(string kind) => proxy.Calls.Count(c => c.Kind == kind);

    /// <summary>prepare and cleanup, both of which go well, and nothing is left.</summary>
    public async Task Succeeds()
    {
        (await Prepare()).Outcome.Should().Be(RunnerOutcome.Success, Record);
        await IsCleanedUp();
    }

    /// <summary>prepare, which fails; nothing is left of it.</summary>
    /// <returns>The job log.</returns>
    public async Task<string> Fails()
    {
        (await Prepare()).Outcome.Should().Be(RunnerOutcome.SystemFailure, Record);
        Log.Should().NotContain("   at ").And.NotContain("Unhandled");
        var log = Log;
        await IsCleanedUp();
        return log;
    }

    public Task<RunnerResult> Prepare(CancellationToken? cancel = null) =>
        attempt.Stages.Prepare(cancel ?? TestContext.Current.CancellationToken);

    /// <summary>cleanup, which goes well: no pod and no secret is left, and there never were two pods.</summary>
    public async Task IsCleanedUp()
    {
        (await attempt.Stages.Cleanup()).Outcome.Should().Be(RunnerOutcome.Success, Record);
        await LeavesNothing();
    }

    public async Task LeavesNothing()
    {
        await Eventually.True(async () => !(await bench.PodsOf(attempt.Job.Id)).Any(), $"no pod is left.{Record}");
        (await bench.SecretsOf(attempt.Job.Id)).Should().BeEmpty(Record);
        proxy.Calls.Count(c => c is { Kind: "POST pods", Answer: 201 }).Should().BeLessThanOrEqualTo(1, Record);
        bench.PodsEver(attempt.Job.Id).Should().BeLessThanOrEqualTo(1, Record);
    }

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await proxy.DisposeAsync();
    }
}
