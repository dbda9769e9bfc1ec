using System.Text;
using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.Core.Tests.Scripts.Pod;

public sealed class ControlLinesSpecs
{
    [Fact]
    public void Known_lines_are_read_and_other_words_are_kept_for_messages()
    {
        var lines = new ControlLines();
        lines.Take("follo"u8).Should().BeEmpty();
        lines
            .Take("wing bash\n.\nsh: \u001b[31mtrouble\nexit 137\nproblem missing head\nend 12\n"u8)
            .Should()
            .Equal(
                new ControlLine.Following("bash"),
                new ControlLine.Alive(),
                new ControlLine.Exited(137),
                new ControlLine.Problem("missing", "head"),
                new ControlLine.Complete(12)
            );
        lines.OtherWords.Should().Be("sh: \\u001b[31mtrouble");
    }

    [Theory]
    [InlineData("exit 256")]
    [InlineData("exit -1")]
    [InlineData("exit  1")]
    [InlineData("exit 1 ")]
    [InlineData("following zsh")]
    [InlineData("exit 99999999999999999999")]
    [InlineData(" end")]
    [InlineData("")]
    public void A_line_that_is_not_quite_right_is_no_line(string line) => ControlLine.Parse(line).Should().BeNull();

    [Fact]
    public void A_line_without_end_takes_no_more_memory_than_a_line()
    {
        var lines = new ControlLines();
        for (var i = 0; i < 100; i++)
            lines.Take(Encoding.ASCII.GetBytes(new string('x', 10_000)));
        lines.Take("\nend 12\n"u8).Should().Equal(new ControlLine.Complete(12));
        lines.OtherWords.Length.Should().BeLessThan(400);
    }
}
