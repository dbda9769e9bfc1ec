using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>Files and an environment that no runner and no driver would have written.</summary>
public sealed class HostileInputSpecs(PreparedJob victim) : IClassFixture<PreparedJob>
{
    public static TheoryData<string, string> Files =>
        new MatrixTheoryData<string, string>(
            ["config", "prepare", "cleanup"],
            [
                "",
                "{",
                "null",
                "[]",
                "{\"id\": \"4711\"}",
                "{\"id\": -1}",
                "{\"id\": 4711, \"credentials\": 7}",
                "\0\u0001\u00ff",
                new string('[', 100_000),
                "{\"id\": 1e999}",
            ]
        );

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_job_response_file_that_is_none(string stage, string text)
    {
        using var attempt = new JobAttempt(victim.Bench.Host.Runner, new PlayedJob { Id = 4720 });
        File.WriteAllText(Path.Combine(attempt.Stages.Directory, "response.json"), text);

        await FailsWithASentence(attempt, stage);
    }

    [Theory]
    [InlineData("ln -sf /etc/hostname response.json")]
    [InlineData("chmod 666 response.json")]
    [InlineData("rm response.json; mkdir response.json")]
    [InlineData("rm response.json")]
    public async Task A_job_response_file_that_others_could_have_written(string done)
    {
        using var attempt = new JobAttempt(victim.Bench.Host.Runner, new PlayedJob { Id = 4721 });
        using (
            var child = ChildProcess.Start(
                new ChildProcessStart(
                    "bash",
                    ["-c", done],
                    new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }
                )
                {
                    WorkingDirectory = attempt.Stages.Directory,
                }
            )
        )
        {
            (await child.Exit).Code.Should().Be(0);
        }

        await FailsWithASentence(attempt, "prepare");
    }

    [Fact]
    public async Task An_environment_of_any_bytes_and_of_the_largest_size()
    {
        using var files = new TemporaryDirectory();
        var driver = files.WriteExecutable(
            "driver",
            $"""
            #!/bin/bash
            export CUSTOM_ENV_BYTES=$'\xff\xfe\x80' CUSTOM_ENV_LINES=$'a\nb\r\e[31m' CUSTOM_ENV_DOCKER_AUTH_CONFIG=$'\xc3\x28'
            export CUSTOM_ENV_LARGE="$(printf '%0131000d' 0)"
            exec {RunnerHost.Driver} "$@"

            """
        );
        using var attempt = new JobAttempt(
            victim.Bench.Host.Runner with
            {
                Driver = driver,
            },
            new PlayedJob { Id = 4722 }
        );
        await attempt.BecomeReady();

        var (verdict, output) = await attempt.RunFile("echo ${#CUSTOM_ENV_LARGE} $(env | grep -c CUSTOM_ENV_)\n");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
        output.Should().Be("0 0\n", "nothing of it reaches the script but by the runner's script");
        attempt.Log.Text.Should().NotContain("\e[31m");
        await attempt.CleanUp();
    }

    [Fact]
    public async Task A_cleanup_that_comes_while_a_script_still_runs_does_all_its_work_and_harms_nobody()
    {
        using var attempt = new JobAttempt(victim.Bench.Host.Runner, new PlayedJob { Id = 4723 });
        await attempt.BecomeReady();
        var begun = Path.Combine(victim.Bench.Host.OpenDirectory, "begun");
        // WaitForBuildFinishTimeout in the runner's source: after five minutes it does not wait for the script any
        // more.
        var running = attempt.RunFile(
            $"touch {begun}; for i in $(seq 30); do echo x > file$i 2>/dev/null || true; sleep 0.1; done\n"
        );
        await Eventually.True(() => File.Exists(begun), "the script has begun");

        await attempt.CleanUp();

        await running;
        (await attempt.Stages.Cleanup())
            .Outcome.Should()
            .Be(RunnerOutcome.Success, "what the script wrote meanwhile goes too");
        Directory.Exists(attempt.Workspace).Should().BeFalse();
        (await victim.Bench.Namespace.Pods())
            .Should()
            .Contain(p => p.Metadata.Name == victim.Attempt.State.Builder && p.Metadata.DeletionTimestamp == null);
    }

    private static async Task FailsWithASentence(JobAttempt attempt, string stage)
    {
        var verdict = stage switch
        {
            "config" => await attempt.Stages.Config(TestContext.Current.CancellationToken),
            "prepare" => await attempt.Stages.Prepare(TestContext.Current.CancellationToken),
            _ => await attempt.Stages.Cleanup(),
        };

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt.Log.Text.Should().StartWith("ERROR: ").And.NotContain("   at ").And.NotContain("Unhandled");
    }
}
