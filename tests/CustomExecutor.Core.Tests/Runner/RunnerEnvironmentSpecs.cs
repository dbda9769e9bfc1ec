using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Runner;

public sealed class RunnerEnvironmentSpecs
{
    [Fact]
    public void The_runner_defines_the_exit_codes_of_failures()
    {
        var runner = Runner(("BUILD_FAILURE_EXIT_CODE", "41"), ("SYSTEM_FAILURE_EXIT_CODE", "42"));

        runner.ExitCodeFor(FailureKind.Build).Should().Be(41);
        runner.ExitCodeFor(FailureKind.System).Should().Be(42);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("256")]
    [InlineData("4294967297")]
    [InlineData(" 1")]
    [InlineData("1\n")]
    [InlineData("+1")]
    [InlineData("0x1")]
    [InlineData("one")]
    [InlineData("٣")]
    public void An_invalid_exit_code_never_turns_a_failure_into_success(string garbage)
    {
        var runner = Runner(("BUILD_FAILURE_EXIT_CODE", garbage), ("SYSTEM_FAILURE_EXIT_CODE", garbage));

        (runner.BuildFailureExitCode, runner.SystemFailureExitCode).Should().Be((1, 2));
    }

    [Fact]
    public void An_old_runner_defines_no_exit_codes_and_no_file_for_them()
    {
        (Runner().BuildFailureExitCode, Runner().SystemFailureExitCode).Should().Be((1, 2));
        Runner().BuildExitCodeFile.Should().BeNull();
        Runner(("BUILD_EXIT_CODE_FILE", "")).BuildExitCodeFile.Should().BeNull();
        Runner(("BUILD_EXIT_CODE_FILE", "/tmp/a/build_exit_code"))
            .BuildExitCodeFile.Should()
            .Be("/tmp/a/build_exit_code");
    }

    [Fact]
    public void The_runner_defines_the_attempts_directory()
    {
        var runner = Runner(
            ("TMPDIR", "/tmp/custom-executor1"),
            ("JOB_RESPONSE_FILE", "/tmp/custom-executor1/response.json")
        );

        runner.RequireAttempt().Should().Be(("/tmp/custom-executor1", "/tmp/custom-executor1/response.json"));
    }

    [Fact]
    public void All_missing_variables_are_reported_at_once()
    {
        var nothing = () => Runner().RequireAttempt();
        var relative = () =>
            Runner(("TMPDIR", "tmp\nsection_start:1:x\r\u001b[0K"), ("JOB_RESPONSE_FILE", "")).RequireAttempt();

        nothing
            .Should()
            .Throw<DriverException>()
            .WithMessage("TMPDIR is not set.\nJOB_RESPONSE_FILE is not set.\n*custom-executor try");
        relative
            .Should()
            .Throw<DriverException>()
            .WithMessage(
                "TMPDIR is 'tmp\\u000asection_start:1:x\\u000d\\u001b[0K', not an absolute "
                    + "path.\nJOB_RESPONSE_FILE is not set.\n*"
            );
    }

    [Fact]
    public void No_variable_of_the_author_overrides_the_runners()
    {
        string[] names =
        [
            "TMPDIR",
            "JOB_RESPONSE_FILE",
            "BUILD_FAILURE_EXIT_CODE",
            "SYSTEM_FAILURE_EXIT_CODE",
            "BUILD_EXIT_CODE_FILE",
        ];
        var authors = names.Select(n => ("CUSTOM_ENV_" + n, "/evil")).ToArray();
        var runner = Runner([.. authors, ("TMPDIR", "/tmp/a"), ("JOB_RESPONSE_FILE", "/tmp/a/response.json")]);

        runner.RequireAttempt().Should().Be(("/tmp/a", "/tmp/a/response.json"));
        (runner.BuildFailureExitCode, runner.SystemFailureExitCode, runner.BuildExitCodeFile).Should().Be((1, 2, null));
        FluentActions.Invoking(() => Runner(authors).RequireAttempt()).Should().Throw<DriverException>();
    }

    [Fact]
    public void A_job_variable_is_read_only_by_its_prefixed_name()
    {
        var runner = Runner(
            ("CUSTOM_ENV_DOCKER_AUTH_CONFIG", "the author's"),
            ("DOCKER_AUTH_CONFIG", "the service's"),
            ("PATH", "/bin")
        );

        runner.JobVariable("DOCKER_AUTH_CONFIG").Should().Be("the author's");
        runner.JobVariable("PATH").Should().BeNull();
    }

    private static RunnerEnvironment Runner(params (string Name, string Value)[] variables) =>
        new(variables.ToDictionary(v => v.Name, v => v.Value));
}
