using System.Diagnostics;
using System.Globalization;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;
using CustomExecutor.Testing.Preload;

namespace CustomExecutor.EndToEnd.JobPod.Kill;

/// <summary>A prepared job in its pod, shared by the specs of a class, whose driver dies in one <c>run</c> after the
/// other. At the end nothing may be left of it.</summary>
public sealed class KilledRuns : IAsyncLifetime
{
    /// <summary>Shells that an exec has begun, in a container with procfs; the one that counts is one.</summary>
    private const string Followers =
        "n=0; for p in /proc/[0-9]*; do case $(tr '\\0' ' ' <$p/cmdline) in *'IFS= read -r l;'*) n=$((n+1)) ;; esac; "
        + "done 2>/dev/null; echo followers $n";

    private readonly KillPoints _points = new();
    private readonly TemporaryDirectory _files = new();
    private JobOnNode _job = null!;

    internal PodAttempt Attempt { get; private set; } = null!;

    private string Order => Path.Join(_files.Path, "order");

    private string Counted => Path.Join(_files.Path, "count");

    public async ValueTask InitializeAsync()
    {
        await _points.InitializeAsync();
        var variables = $"KILL_READS=1 KILL_COUNT={Counted} KILL_AT=$(cat {Order} 2>/dev/null)";
        _job = new JobOnNode { InPod = true, Driver = _points.Driver(Node.Driver, "run", variables) };
        Attempt = await PodAttempt.Start(_job);
    }

    /// <summary>Runs the author's script as the first one, which waits for the builder, with a driver that dies at a
    /// call.</summary>
    /// <param name="call">Which, from 1 on.</param>
    /// <param name="script">The commands.</param>
    internal async Task<(RunnerResult Result, string Output)> RunKilled(int call, string script)
    {
        await File.WriteAllTextAsync(Order, string.Create(CultureInfo.InvariantCulture, $"{call}"));
        try
        {
            return await RunFirst(script);
        }
        finally
        {
            File.Delete(Order);
        }
    }

    /// <summary>Runs the author's script with a driver that is killed once the script has written something.</summary>
    internal async Task RunKilled(string script)
    {
        var before = Attempt.Log.Length;
        var running = RunFirst(script);
        await Eventually.True(() => running.IsCompleted || Attempt.Log.Length > before, "the script runs");
        using (var driver = Driver())
            driver.Kill();
        (await running).Result.Outcome.Should().Be(RunnerOutcome.SystemFailure, Attempt.Log);
    }

    /// <summary>How many calls a driver makes that lives.</summary>
    internal async Task<int> Count(string script)
    {
        await RunFirst(script);
        return int.Parse(await File.ReadAllTextAsync(Counted), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Eventually.True(
            async () =>
                (await Attempt.Passes("after_script", Followers)).Contains("followers 1\n", StringComparison.Ordinal),
            "what has followed the scripts of killed drivers ends"
        );
        await Attempt.DisposeAsync();
        await _job.PodsAreGone();
        (await Node.Pods.HasSecret(Attempt.Pod, CancellationToken.None)).Should().BeFalse();
        _files.Dispose();
        await _points.DisposeAsync();
    }

    /// <summary>The process that has a script of the attempt's.</summary>
    private Process Driver() =>
        Process
            .GetProcesses()
            .Single(p => CommandOf(p.Id).Contains($"{Attempt.Directory}/script", StringComparison.Ordinal));

    private static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return ""; // It has just ended.
        }
    }

    private Task<(RunnerResult Result, string Output)> RunFirst(string script)
    {
        File.Delete(new AttemptPaths(Attempt.Directory).StartedFile);
        return Attempt.Run("build_script", script);
    }
}
