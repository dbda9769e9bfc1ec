using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>What scripts in the job's pod end with, and the files that they share, on the real node.</summary>
public sealed class JobScriptSpecs
{
    [Fact]
    public async Task Every_exit_code_reaches_the_runner_and_after_script_runs_after_each()
    {
        await using var attempt = await PodAttempt.Start(new JobOnNode { InPod = true });

        foreach (var code in (int[])[0, 1, 2, 3, 127, 137])
        {
            var (result, output) = await attempt.Run("build_script", $"exit {code}");

            result
                .Should()
                .Be(
                    code == 0
                        ? new RunnerResult(RunnerOutcome.Success, null)
                        : new RunnerResult(RunnerOutcome.BuildFailure, code),
                    output
                );
            (await attempt.Passes("after_script", "echo after $?")).Should().Contain("after 0");
        }
    }

    [Theory]
    [InlineData("localhost/job:1", "0")]
    [InlineData("localhost/job-bash:1", "0")]
    [InlineData("localhost/job-user:1", "1234")]
    public async Task The_helper_and_the_authors_image_read_and_change_each_others_files(string image, string uid)
    {
        await using var attempt = await PodAttempt.Start(new JobOnNode { InPod = true, Image = image });
        await attempt.Passes(
            "restore_cache",
            "mkdir -p src /cache/group && echo from the helper > src/file && echo kept > /cache/group/archive"
        );

        var output = await attempt.Passes(
            "build_script",
            "id -u; cat src/file /cache/group/archive; echo changed >> src/file; mkdir -p out; echo built > out/file; "
                + "git config --get safe.directory || true; echo home > ~/file; cat ~/file"
        );
        var seen = await attempt.Passes(
            "upload_artifacts_on_success",
            "cat src/file out/file; rm -r out src; git init -q . && git status --short"
        );

        output.Should().Contain($"{uid}\nfrom the helper\nkept\n").And.Contain("home\n");
        seen.Should().Contain("from the helper\nchanged\nbuilt\n");
    }
}
