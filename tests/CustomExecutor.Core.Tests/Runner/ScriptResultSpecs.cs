using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Runner;

public sealed class ScriptResultSpecs
{
    [Fact]
    public void A_successful_script_leaves_no_code() => Verdict(code: 0).Should().Be(new ScriptResult(0, null));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(127)]
    [InlineData(255)]
    public void Every_failed_script_is_a_failure_of_the_job_with_its_own_code_in_the_file(int code) =>
        Verdict(code).Should().Be(new ScriptResult(41, $"{code}\n"));

    [Theory]
    [InlineData(2, "130\n")]
    [InlineData(9, "137\n")]
    [InlineData(15, "143\n")]
    [InlineData(64, "192\n")]
    public void A_script_that_a_signal_ended_has_the_code_of_a_shell(int signal, string text) =>
        Verdict(code: null, signal).Should().Be(new ScriptResult(41, text));

    [Fact]
    public void A_script_that_exits_0_because_of_the_runners_SIGTERM_has_not_succeeded() =>
        Verdict(code: 0, terminated: true).Should().Be(new ScriptResult(41, "143\n"));

    [Fact]
    public void A_script_that_fails_after_SIGTERM_keeps_its_own_code()
    {
        Verdict(code: 3, terminated: true).ExitCodeFileText.Should().Be("3\n");
        Verdict(code: null, signal: 9, terminated: true).ExitCodeFileText.Should().Be("137\n");
    }

    [Fact]
    public void A_script_that_neither_exited_nor_was_killed_is_a_callers_mistake() =>
        FluentActions.Invoking(() => Verdict(code: null)).Should().Throw<ArgumentException>();

    private static ScriptResult Verdict(int? code, int? signal = null, bool terminated = false) =>
        ScriptResult.Of(code, signal, terminated, 41);
}
