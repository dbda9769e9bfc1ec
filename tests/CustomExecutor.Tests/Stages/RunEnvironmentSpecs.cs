using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>What a script finds around itself.</summary>
public sealed class RunEnvironmentSpecs(PreparedJob job) : IClassFixture<PreparedJob>
{
    private readonly JobAttempt _attempt = job.Attempt;

    [Fact]
    public async Task A_scripts_environment_has_the_builder_and_nothing_of_the_runner_service()
    {
        // What bash was started with; the runner's script exports the job's variables only then.
        var (_, output) = await _attempt.Run("cat /proc/$$/environ");

        var environment = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        environment
            .Should()
            .BeEquivalentTo([
                $"PATH={_attempt.Paths.Programs}:{Environment.GetEnvironmentVariable("PATH")}",
                "LANG=C.UTF-8",
                $"BUILDX_BUILDER={_attempt.State.Builder}",
                $"BUILDX_CONFIG={_attempt.Paths.BuildxConfig}",
                $"DOCKER_CONFIG={_attempt.Paths.DockerConfig}",
                $"HOME={_attempt.Paths.Home}",
                $"TMPDIR={_attempt.Paths.Temp}",
                "DOTNET_EnableDiagnostics=0",
                "POWERSHELL_DIAGNOSTICS_OPTOUT=1",
                "MSBUILDDISABLENODEREUSE=1",
                $"MAVEN_OPTS=-Duser.home={_attempt.Paths.Home}",
                $"GRADLE_USER_HOME={_attempt.Paths.Home}/.gradle",
                // Where the Docker Engine API's program is beside the driver's.
                .. _attempt.State.HasEngine ? (string[])[$"DOCKER_HOST=unix://{_attempt.Paths.EngineSocket}"] : [],
            ]);
    }

    [Fact]
    public async Task The_jobs_own_variables_are_there_by_the_runners_script()
    {
        var (_, output) = await _attempt.Run("echo $MY_VARIABLE, $CI_JOB_ID; env | grep -c CUSTOM_ENV_ || true");

        output.Should().Be("the author's, 4711\n0\n");
    }

    [Fact]
    public async Task No_secret_is_in_any_argument_on_the_way_to_the_script()
    {
        var (_, output) = await _attempt.Run("cat /proc/$$/cmdline /proc/$(ps -o ppid= $$ | tr -d ' ')/cmdline");

        output.Should().Contain("bash\0").And.Contain("run\0");
        foreach (var secret in RunnerHost.ServiceSecrets.Values.Append(_attempt.Job.Token))
            output.Should().NotContain(secret);
    }

    [Fact]
    public async Task A_script_starts_in_its_workspace_and_reads_nothing()
    {
        var (_, output) = await _attempt.RunFile("pwd; cat\n");

        output.Should().Be($"{_attempt.Workspace}\n");
    }

    [Fact]
    public async Task Home_and_the_temporary_directory_are_the_attempts_own_and_writable()
    {
        var (verdict, output) = await _attempt.Run("touch ~/file; dirname $(mktemp)");

        verdict.Outcome.Should().Be(RunnerOutcome.Success);
        output.Should().Be($"{_attempt.Paths.Temp}\n");
        File.Exists(Path.Join(_attempt.Paths.Home, "file")).Should().BeTrue();
    }

    [Fact]
    public async Task Output_and_errors_come_in_the_order_in_which_they_were_written()
    {
        var (_, output) = await _attempt.Run("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done");

        output.Should().Be(string.Concat(Enumerable.Range(1, 5).Select(i => $"out {i}\nerr {i}\n")));
    }

    [Fact]
    public async Task A_large_output_comes_whole()
    {
        var (_, output) = await _attempt.Run("seq 1 400000");

        output.Should().Be(string.Concat(Enumerable.Range(1, 400_000).Select(i => $"{i}\n")));
    }

    [Fact]
    public async Task A_broken_pipe_ends_a_writer_silently_as_in_a_plain_shell()
    {
        var (verdict, output) = await _attempt.Run(
            "set +o pipefail; yes | head -n1; grep SigIgn /proc/$BASHPID/status"
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success);
        output.Should().Be("y\nSigIgn:\t0000000000000000\n");
    }

    [Fact]
    public async Task What_one_script_stage_leaves_the_next_one_finds()
    {
        await _attempt.Run("mkdir -p $CI_PROJECT_DIR; echo sources > $CI_PROJECT_DIR/file", "get_sources");

        var (_, output) = await _attempt.Run("cat $CI_PROJECT_DIR/file");

        output.Should().Be("sources\n");
    }

    [Fact]
    public async Task A_login_of_one_job_is_invisible_to_the_next()
    {
        await _attempt.Run(
            """mkdir -p "$DOCKER_CONFIG" ~/.docker; for d in "$DOCKER_CONFIG" ~/.docker; do echo '{"auths":{"logged.in":{}}}' > $d/config.json; done"""
        );
        var next = await job.Bench.Ready(new PlayedJob { Id = 4712 });

        var (_, output) = await next.Run("""cat "$DOCKER_CONFIG/config.json"; ls -A ~ ~/.docker""");

        output.Should().NotContain("logged.in");
        output.Should().StartWith("{\"auths\":{}}");
    }
}
