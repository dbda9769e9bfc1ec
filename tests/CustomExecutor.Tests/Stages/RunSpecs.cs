using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>How a script ends, as the runner and GitLab see it.</summary>
public sealed class RunSpecs(PreparedJob job) : IClassFixture<PreparedJob>
{
    private readonly JobAttempt _attempt = job.Attempt;

    [Fact]
    public async Task A_script_that_succeeds_is_a_success()
    {
        var (verdict, output) = await _attempt.Run("echo hello");

        verdict.Should().Be(new RunnerResult(RunnerOutcome.Success, null));
        output.Should().Be("hello\n");
        File.Exists(_attempt.Stages.ExitCodeFile).Should().BeFalse();
    }

    [Theory]
    [InlineData("exit 1", 1)]
    [InlineData("exit 2", 2)]
    [InlineData("exit 3", 3)]
    [InlineData("no-such-command", 127)]
    [InlineData("exit 255", 255)]
    [InlineData("false; echo never", 1)]
    [InlineData("kill -KILL $BASHPID", 137)]
    public async Task A_script_that_fails_is_the_jobs_own_failure_with_its_true_code(string script, int code)
    {
        var (verdict, output) = await _attempt.Run(script);

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, code));
        _attempt.Stages.LastCall.Exit.Should().Be(new ChildExit(RunnerResult.BuildFailureExitCode, null));
        (await File.ReadAllTextAsync(_attempt.Stages.ExitCodeFile, TestContext.Current.CancellationToken))
            .Should()
            .Be($"{code}\n");
        output.Should().NotContain("never").And.NotContain("ERROR: ", "the script speaks for itself");
    }

    [Fact]
    public async Task A_script_whose_bash_is_killed_is_the_jobs_own_failure_by_the_shells_convention()
    {
        var (verdict, _) = await _attempt.RunFile("kill -KILL $$\n");

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 137));
    }

    [Fact]
    public async Task The_last_scripts_exit_code_is_not_told_again()
    {
        await _attempt.Run("exit 3");

        await _attempt.Run("true", "after_script");

        File.Exists(_attempt.Stages.ExitCodeFile).Should().BeFalse();
    }

    [Fact]
    public async Task The_last_scripts_exit_code_is_not_told_for_a_failure_of_ours_either()
    {
        await _attempt.Run("exit 3");

        var verdict = await _attempt.Stages.RunFile(
            "/no/such/script",
            "after_script",
            TestContext.Current.CancellationToken
        );

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        File.Exists(_attempt.Stages.ExitCodeFile).Should().BeFalse();
    }

    [Theory]
    [InlineData("prepare_script")]
    [InlineData("get_sources")]
    [InlineData("clear_worktree")]
    [InlineData("step_script")]
    [InlineData("step_release-1.0")]
    [InlineData("upload_artifacts_on_failure")]
    [InlineData("a_stage_of_a_newer_runner")]
    public async Task Every_script_stage_runs_whatever_its_name(string stage)
    {
        var (verdict, output) = await _attempt.Run("echo ran", stage);

        verdict.Outcome.Should().Be(RunnerOutcome.Success);
        output.Should().Be("ran\n");
    }

    [Fact]
    public async Task A_missing_script_is_told_by_its_path()
    {
        var verdict = await _attempt.Stages.RunFile(
            "/no/such/script",
            "build_script",
            TestContext.Current.CancellationToken
        );

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        _attempt.Stages.LastCall.Exit.Code.Should().Be(RunnerResult.SystemFailureExitCode);
        _attempt
            .Log.Text.Should()
            .Contain(
                "ERROR: The script /no/such/script does not exist: run is called as 'run SCRIPT STAGE' by the runner.\n"
            );
    }

    [Fact]
    public async Task A_run_without_a_prepare_is_told_as_such()
    {
        var attempt = job.Bench.Attempt(new PlayedJob { Id = 4712 });
        await attempt.Config();

        var (verdict, output) = await attempt.Run("echo ran");

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        output
            .Should()
            .StartWith("ERROR: This attempt was not prepared")
            .And.Contain("prepare_exec")
            .And.NotContain("ran\n");
    }

    [Fact]
    public async Task A_directory_in_the_exit_codes_place_is_a_clear_failure()
    {
        File.Delete(_attempt.Stages.ExitCodeFile);
        Directory.CreateDirectory(_attempt.Stages.ExitCodeFile);

        var (verdict, output) = await _attempt.Run("echo ran");

        Directory.Delete(_attempt.Stages.ExitCodeFile);
        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        output.Should().StartWith("ERROR: ").And.Contain(_attempt.Stages.ExitCodeFile).And.NotContain("   at ");
    }
}
