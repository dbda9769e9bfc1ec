using System.Globalization;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Testing.Preload;
using k8s;

namespace CustomExecutor.EndToEnd.JobPod.Kill;

/// <summary>The driver dies at each call of prepare from its command in the helper on, which sets the job's pod up. The
/// runner cleans up and prepares the job again.</summary>
public sealed class SetUpKillSpecs(KillPoints points) : IClassFixture<KillPoints>
{
    /// <summary>A driver has one connection to the API server, and one for each command in a container.</summary>
    private const string FromTheCommandOn = "KILL_AFTER=1";

    /// <summary>How many jobs the node is given at a time.</summary>
    private const int AtOnce = 6;

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prepare_dies_at_a_call_and_the_second_attempt_succeeds_and_nothing_is_left()
    {
        using var files = new TemporaryDirectory();
        var count = await Count(Path.Join(files.Path, "count"));
        count.Should().BeGreaterThan(5, "the driver is watched at its calls");

        await Parallel.ForEachAsync(
            Enumerable.Range(1, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestEnds },
            async (call, _) => await DiesAt(call, files.Write($"order-{call}", $"{call}"))
        );
    }

    private async Task<int> Count(string file)
    {
        using var job = Job($"KILL_COUNT={file}");
        var (verdict, log) = await job.Run("echo");
        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        return int.Parse(await File.ReadAllTextAsync(file, TestEnds), CultureInfo.InvariantCulture);
    }

    /// <param name="call">In the first attempt.</param>
    /// <param name="order">A file that names the call; the second attempt finds none.</param>
    private async Task DiesAt(int call, string order)
    {
        using var job = Job($"KILL_AT=$(cat {order} 2>/dev/null; rm -f {order})");

        var (verdict, log) = await job.Run("[ -S /run/job/buildkitd.sock ] && echo the script runs");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, $"call {call}: {log}");
        log.Should().Contain("the script runs").And.NotContain("attempt 3 of 3");
        Directory.GetFileSystemEntries(job.TempRoot).Should().BeEmpty();
        await job.PodsAreGone();
        var secrets = await Node.Client.CoreV1.ListNamespacedSecretAsync(
            Node.Settings.Kubernetes.Namespace,
            labelSelector: $"{BuilderLabels.JobId}={job.Id}",
            cancellationToken: TestEnds
        );
        secrets.Items.Should().BeEmpty();
    }

    private JobOnNode Job(string variables) =>
        new() { InPod = true, Driver = points.Driver(Node.Driver, "prepare", $"{FromTheCommandOn} {variables}") };
}
