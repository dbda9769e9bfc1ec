using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>Watches that end, break, expire and go silent while the builder starts.</summary>
public sealed class WatchFaultSpecs(FaultBench bench) : IClassFixture<FaultBench>
{
    private static readonly Fault[] All =
    [
        .. from events in new[] { 0, 1, 2 }
        from fault in new Fault[]
        {
            new Fault.WatchEnds(events),
            new Fault.WatchResets(events),
            new Fault.WatchTorn(events, Reset: false),
            new Fault.WatchTorn(events, Reset: true),
            new Fault.WatchGone(events),
        }
        select fault,
        new Fault.Answer(410, "Expired"),
        new Fault.WatchSilent(0),
        new Fault.WatchSilent(1),
    ];

    public static TheoryData<string> Faults => [.. All.Select(f => f.ToString())];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_watch_that_fails_three_times_over_costs_nothing_but_time(string name)
    {
        var fault = All.Single(f => f.ToString() == name);
        // A silent watch is noticed after a while, each time.
        var times = fault is Fault.WatchSilent ? 1 : 3;
        await using var job = await bench.Job(
            new FaultRule("WATCH pods", fault, times),
            new FaultRule("WATCH events", fault, times)
        );

        await job.Succeeds();

        if (fault is Fault.WatchSilent)
            job.Count("GET pod").Should().BePositive(job.Record);
    }

    [Fact]
    public async Task A_watch_goes_on_from_the_last_version_that_it_has_seen()
    {
        await using var job = await bench.Job(new FaultRule("WATCH pods", new Fault.WatchResets(1)));

        await job.Succeeds();

        job.Count("GET pod").Should().Be(0, "nothing was missed that had to be read anew");
    }
}
