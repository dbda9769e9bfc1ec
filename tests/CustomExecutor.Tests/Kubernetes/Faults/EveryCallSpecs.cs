using System.Collections.Concurrent;
using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>Every API call that a job makes meets every fault that passes; the calls are those of a job that meets
/// none.</summary>
public sealed class EveryCallSpecs(FaultBench bench) : IClassFixture<FaultBench>
{
    private const int AtATime = 4;

    private static readonly Fault[] Passing =
    [
        new Fault.Late(300),
        new Fault.Answer(429, "TooManyRequests", RetryAfter: 1),
        new Fault.Answer(500, "InternalError"),
        new Fault.Answer(502, Text: "<html>Bad Gateway</html>"),
        new Fault.Answer(503, "ServiceUnavailable"),
        new Fault.Answer(504, "Timeout"),
        new Fault.Answer(200, Text: "<html>Please log in</html>"),
        new Fault.ResetBefore(),
        new Fault.StreamReset(),
        new Fault.ResetAfter(),
        new Fault.ResetMidBody(),
        new Fault.Truncated(),
        new Fault.SilentMidBody(),
        new Fault.GatewayAfter(504),
        new Fault.Silent(),
        new Fault.SilentAfter(),
    ];

    public static TheoryData<string> PassingFaults => [.. Passing.Select(f => f.ToString())];

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task A_job_gets_over_a_fault_that_passes(string name)
    {
        var fault = Passing.Single(f => f.ToString() == name);
        // Silence costs 10 s each time, and prepare has 60 s.
        var isSilence = fault is Fault.Silent or Fault.SilentAfter or Fault.SilentMidBody;
        // null is each call of one job.
        string?[] targets = isSilence ? await CallsOfACleanJob() : [.. await CallsOfACleanJob(), null];

        await ForEach(
            targets,
            isSilence ? targets.Length : AtATime,
            async target =>
            {
                await using var job = await bench.Job(new FaultRule(target, fault));
                await job.Succeeds();
                job.Proxy.Calls.Should().Contain(c => c.Fault == fault, job.Record);
            }
        );
    }

    [Fact]
    public async Task A_job_gets_over_a_fault_that_comes_three_times_over() =>
        await ForEach(
            await CallsOfACleanJob(),
            AtATime,
            async target =>
            {
                await using var job = await bench.Job(new FaultRule(target, new Fault.Answer(503), Times: 3));
                await job.Succeeds();
            }
        );

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task What_is_permanent_fails_at_once_with_a_sentence(int status) =>
        await ForEach(
            [.. (await CallsOfACleanJob()).Where(c => IsOfPrepare(c!))],
            AtATime,
            async target =>
            {
                await using var job = await bench.Job(
                    new FaultRule(target, new Fault.Answer(status), Times: int.MaxValue)
                );

                (await job.Fails())
                    .Should()
                    .Contain($"{status} the proxy's {status}")
                    .And.NotContain("tried")
                    .And.NotContain("trying again");

                job.Count(target!).Should().Be(1, job.Record);
            }
        );

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task What_cleanup_may_not_do_is_told(int status) =>
        await ForEach(
            [
                .. (await CallsOfACleanJob()).Where(c =>
                    c is "GET pods" || c!.StartsWith("DELETE", StringComparison.Ordinal)
                ),
            ],
            AtATime,
            async target =>
            {
                await using var job = await bench.Job();
                await job.Prepare();
                job.Proxy.Rules = [new FaultRule(target, new Fault.Answer(status), Times: int.MaxValue)];

                await job.Attempt.Stages.Cleanup();

                job.Attempt.Stages.LastCall.Exit.Code.Should().NotBe(0);
                job.Log.Should().Contain($"{status} the proxy's {status}");
                job.Proxy.Rules = [];
                await job.IsCleanedUp();
            }
        );

    private static bool IsOfPrepare(string call) =>
        call is "GET version" or "POST pods" or "POST secrets" or "WATCH pods";

    private static async Task ForEach(string?[] targets, int atATime, Func<string?, Task> check)
    {
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            targets,
            new ParallelOptions { MaxDegreeOfParallelism = atATime },
            async (target, _) =>
            {
                try
                {
                    await check(target);
                }
                catch (Exception e)
                {
                    failures.Enqueue($"### {target ?? "each call"}: {e}");
                }
            }
        );
        failures.Should().BeEmpty();
    }

    private async Task<string?[]> CallsOfACleanJob()
    {
        await using var job = await bench.Job();
        await job.Succeeds();
        string[] calls = [.. job.Proxy.Calls.Select(c => c.Kind).Distinct()];
        calls
            .Should()
            .Contain([
                "GET version",
                "POST pods",
                "POST secrets",
                "WATCH pods",
                "WATCH events",
                "GET pods",
                "DELETE pod",
                "DELETE secret",
            ]);
        return calls;
    }
}
