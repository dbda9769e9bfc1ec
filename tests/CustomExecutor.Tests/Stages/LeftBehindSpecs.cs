using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>What a script leaves running when its stage ends.</summary>
public sealed class LeftBehindSpecs(PreparedJob job) : IClassFixture<PreparedJob>
{
    private readonly JobAttempt _attempt = job.Attempt;

    [Theory]
    [InlineData("in the background", "sleep 1000 & echo $! > pids")]
    [InlineData("out of the terminal's reach", "nohup sleep 1000 & echo $! > pids")]
    [InlineData(
        "in a session of its own",
        "setsid -f bash -c 'echo $$ > pids; exec sleep 1000'; until [ -s pids ]; do sleep 0.01; done"
    )]
    [InlineData(
        "doubly forked",
        "( bash -c 'echo $$ > pids; exec sleep 1000' & ) & until [ -s pids ]; do sleep 0.01; done"
    )]
    [InlineData(
        "deaf to SIGTERM",
        "setsid -f bash -c 'trap \"\" TERM; echo $$ > pids; while :; do sleep 1; done'; until [ -s pids ]; do "
            + "sleep 0.01; done"
    )]
    [InlineData(
        "with children of its own",
        "setsid -f bash -c 'sleep 1000 & echo $$ $! > pids; wait'; until [ -s pids ]; do sleep 0.01; done"
    )]
    public async Task A_process_that_is_left(string how, string script)
    {
        // It holds the job log's pipe: the stage would not end for the runner before it does.
        var (verdict, output) = await _attempt.RunFile(InProcessDirectory(script));

        verdict.Outcome.Should().Be(RunnerOutcome.Success);
        Left().Should().NotBeEmpty(how).And.OnlyContain(pid => !Directory.Exists($"/proc/{pid}"));
        output.Should().Contain("Ended what the script left running: ");
    }

    [Fact]
    public async Task A_script_that_leaves_nothing_is_told_nothing()
    {
        var (_, output) = await _attempt.RunFile("sleep 0.1 & wait; echo done\n");

        output.Should().Be("done\n");
    }

    [Fact]
    public async Task The_scripts_own_exit_code_counts_whatever_it_left()
    {
        var (verdict, _) = await _attempt.RunFile("sleep 1000 & exit 7\n");

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 7));
    }

    [Fact]
    public async Task A_cancelled_script_takes_along_what_left_its_process_group()
    {
        using var cancel = new CancellationTokenSource();
        var running = _attempt.RunFile(
            InProcessDirectory("setsid -f bash -c 'trap \"\" TERM; echo $$ > pids; sleep 1000'; sleep 1000"),
            cancel.Token
        );
        await Eventually.True(() => Left().Length > 0, "the script has begun");

        await cancel.CancelAsync();

        (await running).Verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure);
        Left().Should().OnlyContain(pid => !Directory.Exists($"/proc/{pid}"));
    }

    [Fact]
    public async Task A_script_does_not_go_on_when_the_runner_is_gone()
    {
        using var files = new TemporaryDirectory();
        // As good as a runner that is killed: the driver's parent ends, the driver lives on. set -m: it leads a process
        // group, as it does under the runner.
        var runner = files.WriteExecutable(
            "runner",
            $"""
            #!/bin/bash
            case " $* " in *" run "*) set -m; {RunnerHost.Driver} "$@" & until [ -s {ProcessDirectory}/pids ]; do sleep 0.05; done ;; *) exec {RunnerHost.Driver} "$@" ;; esac

            """
        );
        using var orphan = new JobAttempt(job.Bench.Host.Runner with { Driver = runner }, new PlayedJob { Id = 4714 });
        await orphan.BecomeReady();

        await orphan.RunFile(InProcessDirectory("echo $$ > pids; sleep 1000 & wait"));

        Left().Should().HaveCount(1).And.OnlyContain(pid => !Directory.Exists($"/proc/{pid}"));
    }

    private string ProcessDirectory => job.Bench.Host.OpenDirectory;

    private string InProcessDirectory(string script)
    {
        File.Delete(Path.Combine(ProcessDirectory, "pids"));
        return $"cd {ProcessDirectory}\n{script}\n";
    }

    private string[] Left()
    {
        var file = Path.Combine(ProcessDirectory, "pids");
        return File.Exists(file)
            ? File.ReadAllText(file).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            : [];
    }
}
