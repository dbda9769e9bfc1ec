using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.Core.Tests.Scripts.Pod;

public sealed class PodScriptProgressSpecs
{
    private readonly PodScriptProgress _progress = new("build");

    [Theory]
    [InlineData("exit 3\nend 7\n", 7L, true)]
    [InlineData("exit 3\nend 7\n", 5L, false)]
    [InlineData("exit 3\nend 7\n", 0L, false)]
    [InlineData("exit 3\n", 7L, false)]
    [InlineData("end 7\n", 7L, false)]
    [InlineData("exit 3\nend\n", 7L, false)]
    public void An_end_without_the_mark_counts_once_all_of_the_output_has_come(string lines, long offset, bool isOver)
    {
        _progress.Connected();
        _progress.Take(System.Text.Encoding.ASCII.GetBytes($"following sh\n{lines}")).Should().BeNull();

        var result = _progress.ResultOf(new ExecStatus(0, ""), offset);

        result.Should().Be(isOver ? new PodScriptResult.Exited(3) : null);
    }

    [Fact]
    public void What_one_connection_told_of_the_end_does_not_count_for_the_next()
    {
        _progress.Connected();
        _progress.Take("following sh\nexit 3\nend 7\n"u8).Should().BeNull();
        _progress.ResultOf(null, 0).Should().BeNull();
        _progress.Connected();
        _progress.ResultOf(null, 7).Should().BeNull();
    }

    [Fact]
    public void A_connection_that_ends_before_the_script_is_made_again()
    {
        _progress.Connected();
        _progress.Take("following sh\n.\n"u8).Should().BeNull();
        _progress.IsStarted.Should().BeTrue();
        _progress.ResultOf(null, 0).Should().BeNull();
    }

    [Theory]
    [InlineData(
        """{"status":"Failure","message":"command terminated","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"127"}]}}"""
    )]
    [InlineData(
        """{"status":"Failure","message":"OCI runtime exec failed: exec: \"sh\": executable file not found in $PATH: unknown","code":500}"""
    )]
    public void An_image_without_a_shell_is_known_by_the_server_s_status(string status)
    {
        _progress.Connected();
        _progress
            .ResultOf(ExecStatus.Parse(System.Text.Encoding.UTF8.GetBytes(status)), 0)
            .Should()
            .BeOfType<PodScriptResult.NotRunnable>()
            .Which.Message.Should()
            .Contain("container build has no sh");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"status\":1}")]
    [InlineData("<html>")]
    public void Something_else_is_no_status(string text) =>
        ExecStatus.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Should().BeNull();

    [Fact]
    public void A_forged_problem_can_not_write_to_the_log_as_it_likes()
    {
        var result = _progress.Take("problem missing \u001b[2Jsection_end:1\r\n"u8);
        result.Should().BeOfType<PodScriptResult.NotRunnable>().Which.Message.Should().NotContainAny("\u001b", "\r");
    }
}
