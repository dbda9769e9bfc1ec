using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>Every API call that a job makes meets every fault that passes; the calls are those of a job that meets
/// none.</summary>
public sealed class EveryCallSpecs(FaultBench bench) : IClassFixture<FaultBench>
{
    /// <summary>In the place of one call: each of a job's calls meets the fault.</summary>
    private const string EachCall = "each call";

    private static readonly string[] CallsOfPrepare =
    [
        "GET version",
        "POST pods",
        "POST secrets",
        "WATCH pods",
        "WATCH events",
    ];

    private static readonly string[] CallsOfCleanup = ["GET pods", "DELETE pod", "DELETE secret"];

    private static readonly string[] Calls = [.. CallsOfPrepare, .. CallsOfCleanup];

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
        new Fault.GatewayAfter(504),
        .. Silences,
    ];

    /// <summary>A silence costs 10 s each time, and prepare has 60 s.</summary>
    private static Fault[] Silences => [new Fault.Silent(), new Fault.SilentAfter(), new Fault.SilentMidBody()];

    // The slow ones first.
    public static TheoryData<string, string> PassingFaults =>
        [
            .. from fault in Passing.Reverse()
            from call in (string[])[.. Calls, EachCall]
            where call != EachCall || !Silences.Contains(fault)
            select (call, fault.ToString()),
        ];

    public static TheoryData<string> AllCalls => [.. Calls];

    // Events are not needed: whether they can be watched is nothing that a job fails for.
    public static TheoryData<string, int> PermanentFaults =>
        [
            .. from call in CallsOfPrepare
            where call != "WATCH events"
            from status in (int[])[401, 403, 404, 409, 413, 422]
            select (call, status),
        ];

    public static TheoryData<string, int> RefusedCleanups =>
        [.. from call in CallsOfCleanup from status in (int[])[401, 403] select (call, status)];

    [Fact]
    public async Task The_calls_of_a_job_are_those_of_the_tables_here()
    {
        await using var job = await bench.Job();

        await job.Succeeds();

        job.Proxy.Calls.Select(c => c.Kind).Distinct().Should().BeEquivalentTo(Calls, job.Record);
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task A_job_gets_over_a_fault_that_passes(string call, string name)
    {
        var fault = Passing.Single(f => f.ToString() == name);
        await using var job = await bench.Job(new FaultRule(call == EachCall ? null : call, fault));

        await job.Succeeds();

        job.Proxy.Calls.Should().Contain(c => c.Fault == fault, job.Record);
    }

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task A_job_gets_over_a_fault_that_comes_three_times_over(string call)
    {
        await using var job = await bench.Job(new FaultRule(call, new Fault.Answer(503), Times: 3));

        await job.Succeeds();
    }

    [Theory]
    [MemberData(nameof(PermanentFaults))]
    public async Task What_is_permanent_fails_at_once_with_a_sentence(string call, int status)
    {
        await using var job = await bench.Job(new FaultRule(call, new Fault.Answer(status), Times: int.MaxValue));

        (await job.Fails())
            .Should()
            .Contain($"{status} the proxy's {status}")
            .And.NotContain("tried")
            .And.NotContain("trying again");

        job.Count(call).Should().Be(1, job.Record);
    }

    [Theory]
    [MemberData(nameof(RefusedCleanups))]
    public async Task What_cleanup_may_not_do_is_told(string call, int status)
    {
        await using var job = await bench.Job();
        await job.Prepare();
        job.Proxy.Rules = [new FaultRule(call, new Fault.Answer(status), Times: int.MaxValue)];

        await job.Attempt.Stages.Cleanup();

        job.Attempt.Stages.LastCall.Exit.Code.Should().NotBe(0);
        job.Log.Should().Contain($"{status} the proxy's {status}");
        job.Proxy.Rules = [];
        await job.IsCleanedUp();
    }

    [Fact]
    public async Task Cleanup_deletes_the_pod_after_its_secret()
    {
        await using var job = await bench.Job();
        await job.Prepare();
        job.Proxy.Rules = [new FaultRule("DELETE secret", new Fault.Answer(503))];

        await job.IsCleanedUp();

        job.Proxy.Calls.Select(c => c.Kind)
            .Where(kind => kind.StartsWith("DELETE", StringComparison.Ordinal))
            .Should()
            .Equal(["DELETE secret", "DELETE secret", "DELETE pod"], "gc finds a secret by its pod alone");
    }

    [Fact]
    public async Task A_secret_that_can_not_be_deleted_keeps_no_pod()
    {
        await using var job = await bench.Job();
        await job.Prepare();
        job.Proxy.Rules = [new FaultRule("DELETE secret", new Fault.Silent(), Times: int.MaxValue)];

        var cleaning = job.Attempt.Stages.Cleanup();

        await Eventually.True(
            async () => cleaning.IsCompleted || !(await bench.PodsOf(job.Attempt.Job.Id)).Any(),
            "the pod is deleted"
        );
        cleaning.IsCompleted.Should().BeFalse(job.Record);
        job.Proxy.Rules = [];
        await cleaning;
        await job.LeavesNothing();
    }
}
