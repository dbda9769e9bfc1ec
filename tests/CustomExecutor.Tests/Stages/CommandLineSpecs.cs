using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

public sealed class CommandLineSpecs : IDisposable
{
    private readonly RunnerHost _host = new("this is no kubeconfig", "no-such-namespace");

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("deploy", "Unrecognized command or argument 'deploy'.")]
    [InlineData("config --colour", "Unrecognized command or argument '--colour'.")]
    [InlineData("prepare now", "Unrecognized command or argument 'now'.")]
    [InlineData("run", "Required argument 'SCRIPT' missing for command: 'run'.")]
    [InlineData("run /a/script", "Required argument 'STAGE' missing for command: 'run'.")]
    [InlineData("run /a/script build_script more", "Unrecognized command or argument 'more'.")]
    [InlineData("cleanup --settings", "Required argument missing for option: '--settings'.")]
    public async Task A_mistake_in_the_arguments_is_a_sentence_and_a_system_failure(string arguments, string sentence)
    {
        var (exit, output) = await Call(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        exit.Code.Should().Be(RunnerResult.SystemFailureExitCode);
        output
            .Should()
            .StartWith("ERROR: ")
            .And.Contain(sentence)
            .And.Contain("custom-executor --help")
            .And.NotContain("   at ");
    }

    [Fact]
    public async Task The_system_failures_exit_code_is_the_one_that_the_runner_asks_for()
    {
        var (exit, _) = await Call(["deploy"], new() { ["SYSTEM_FAILURE_EXIT_CODE"] = "77" });

        exit.Code.Should().Be(77);
    }

    [Theory]
    [InlineData("config")]
    [InlineData("prepare")]
    [InlineData("run /a/script build_script")]
    [InlineData("cleanup")]
    public async Task A_stage_that_no_runner_started_says_what_is_missing(string arguments)
    {
        var (exit, output) = await Call(arguments.Split(' '));

        exit.Code.Should().Be(2);
        output
            .Should()
            .StartWith("ERROR: TMPDIR is not set.\nJOB_RESPONSE_FILE is not set.\n")
            .And.Contain("GitLab Runner (14.1 or newer)");
    }

    [Theory]
    [InlineData("relative/path", "JOB_RESPONSE_FILE is 'relative/path', not an absolute path.")]
    [InlineData("/no/such/response.json", "JOB_RESPONSE_FILE names /no/such/response.json, which does not exist.")]
    [InlineData("/etc", "/etc")]
    [InlineData("/etc/passwd", "The job response file can't be read: it is not valid at $, line 1.")]
    public async Task A_response_file_that_is_no_job_is_a_clear_failure(string file, string sentence)
    {
        var (exit, output) = await Call(
            ["config"],
            new() { ["TMPDIR"] = _host.Directory, ["JOB_RESPONSE_FILE"] = file }
        );

        exit.Code.Should().Be(2);
        output.Should().StartWith("ERROR: ").And.Contain(sentence).And.NotContain("root:").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_job_without_an_id_is_refused_since_its_builder_could_not_be_told_from_anothers()
    {
        var response = Path.Combine(_host.Directory, "response.json");
        await File.WriteAllTextAsync(response, """{"token":"secret-token"}""", TestContext.Current.CancellationToken);

        var (exit, output) = await Call(
            ["config"],
            new() { ["TMPDIR"] = _host.Directory, ["JOB_RESPONSE_FILE"] = response }
        );

        exit.Code.Should().Be(2);
        output.Should().Contain("no job id").And.NotContain("secret-token");
    }

    [Fact]
    public async Task Settings_that_are_not_there_are_told_by_their_path()
    {
        var attempt = new JobAttempt(
            _host.Runner with
            {
                Arguments = ["--settings", "/no/such/settings.json"],
            },
            new PlayedJob { Id = 4711 }
        );

        var verdict = await attempt.Stages.Config(TestContext.Current.CancellationToken);

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt.Stages.LastCall.Exit.Code.Should().Be(2);
        attempt.Log.Text.Should().Contain("--settings: the file /no/such/settings.json can't be read");
        attempt.Dispose();
    }

    public void Dispose() => _host.Dispose();

    private async Task<(ChildExit Exit, string Output)> Call(
        string[] arguments,
        Dictionary<string, string>? more = null
    )
    {
        using var log = new WrittenLog();
        var environment = new Dictionary<string, string>(_host.Runner.Environment);
        foreach (var (key, value) in more ?? [])
            environment[key] = value;
        var call = new DriverCall(_host.Runner with { Arguments = [] }, log);
        var result = await call.Run(
            arguments,
            environment,
            _host.Directory,
            keepStdout: true,
            TestContext.Current.CancellationToken
        );
        result.Stdout.Should().BeEmpty("what is printed there would become config's JSON");
        return (result.Exit, log.Text);
    }
}
