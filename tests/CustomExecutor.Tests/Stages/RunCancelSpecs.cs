using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Native;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>A script is ended from outside.</summary>
public sealed class RunCancelSpecs(PreparedJob job) : IClassFixture<PreparedJob>
{
    private readonly JobAttempt _attempt = job.Attempt;

    [Fact]
    public async Task A_cancelled_script_ends_with_what_it_started()
    {
        var verdict = await Cancel($"sleep 1000 & echo $! > {Pids}; echo $BASHPID >> {Pids}; wait");

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure);
        Processes().Should().HaveCount(2);
        await Eventually.True(() => !Processes().Any(IsAlive), "what the script started has ended");
    }

    [Fact]
    public async Task A_script_that_ends_well_after_SIGTERM_is_no_success_all_the_same()
    {
        var verdict = await Cancel($"trap 'exit 0' TERM; echo $BASHPID > {Pids}; sleep 1000 & wait");

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 143));
    }

    [Fact]
    public async Task A_script_may_clean_up_after_itself_before_it_ends()
    {
        var before = _attempt.Log.Text.Length;

        await Cancel($"trap 'echo cleaning up; exit 7' TERM; echo $BASHPID > {Pids}; sleep 1000 & wait");

        _attempt.Log.Text[before..].Should().Contain("cleaning up\n");
        _attempt.Stages.LastCall.Exit.Code.Should().Be(RunnerResult.BuildFailureExitCode);
    }

    [Fact]
    public async Task A_script_that_ignores_SIGTERM_is_killed_with_the_driver()
    {
        using var impatient = new JobAttempt(
            job.Bench.Host.Runner with
            {
                GracefulKillTimeout = TimeSpan.FromMilliseconds(200),
            },
            new PlayedJob { Id = 4713 }
        );
        await impatient.BecomeReady();

        var verdict = await Cancel($"trap '' TERM; echo $BASHPID > {Pids}; sleep 1000", impatient);

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        impatient.Stages.LastCall.Exit.Should().Be(new ChildExit(null, ChildProcessSignal.Kill));
        await Eventually.True(() => !Processes().Any(IsAlive), "the script has ended");
    }

    [Fact]
    public async Task SIGQUIT_which_asks_the_runner_to_let_jobs_end_does_not_end_one()
    {
        // systemd sends it to the driver too. PPID is the driver.
        File.Delete(Pids);
        var running = _attempt.RunFile(
            $"echo $PPID > {Pids}; until [ -e {Pids}.sent ]; do sleep 0.02; done; sleep 0.2; rm {Pids}.sent; echo "
                + "still here\n"
        );
        await Eventually.True(() => File.Exists(Pids) && File.ReadAllText(Pids).EndsWith('\n'), "the script has begun");
        ChildProcessNative
            .Kill(int.Parse(Processes()[0], System.Globalization.CultureInfo.InvariantCulture), 3)
            .Should()
            .Be(0);
        await File.WriteAllTextAsync($"{Pids}.sent", "", TestContext.Current.CancellationToken);
        var (verdict, output) = await running;

        verdict.Outcome.Should().Be(RunnerOutcome.Success);
        output.Should().Be("still here\n");
    }

    private string Pids => Path.Combine(job.Bench.Host.OpenDirectory, "pids");

    private string[] Processes() => File.ReadAllLines(Pids);

    /// <summary>A zombie is none: who should reap it is not ours to say.</summary>
    private static bool IsAlive(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/status").Contains("\nState:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Runs a script file until it has written its process ids, and cancels it then.</summary>
    private async Task<RunnerResult> Cancel(string script, JobAttempt? attempt = null)
    {
        File.Delete(Pids);
        using var cancel = new CancellationTokenSource();
        var running = (attempt ?? _attempt).RunFile(script + "\n", cancel.Token);
        await Eventually.True(() => File.Exists(Pids) && File.ReadAllText(Pids).EndsWith('\n'), "the script has begun");
        await cancel.CancelAsync();
        return (await running).Verdict;
    }
}
