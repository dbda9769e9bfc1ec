using System.Text;
using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.Core.Tests.Scripts.Pod;

public sealed class MarkedOutputSpecs
{
    private static readonly PodScriptId Id = new("0123456789abcdef");

    private static string Mark { get; } =
        Encoding
            .ASCII.GetString(PodScriptInput.Run(Id, default, new PodScriptEnvironment(), 0))
            .Split("mark=")[1]
            .Split('\n')[0];

    [Fact]
    public void The_output_ends_at_the_mark_wherever_the_pieces_are_cut()
    {
        var all = Encoding.ASCII.GetBytes($"out\u001eput{Mark}\u001e{Mark}:x\n\u001e{Mark[..9]}\u001e{Mark}:137\nmore");
        var expected = $"out\u001eput{Mark}\u001e{Mark}:x\n\u001e{Mark[..9]}";
        for (var length = 1; length <= all.Length; length++)
        {
            var output = new MarkedOutput(Id);
            var text = "";
            foreach (var piece in all.Chunk(length))
                text += Encoding.ASCII.GetString(output.Take(piece).Span);
            text.Should().Be(expected);
            output.ExitCode.Should().Be(137);
        }
    }

    [Fact]
    public void What_only_looks_like_the_mark_comes_once_there_is_no_more()
    {
        var output = new MarkedOutput(Id);
        output.Take("a\u001e"u8).Length.Should().Be(1);
        Encoding.ASCII.GetString(output.Rest().Span).Should().Be("\u001e");
        output.Offset.Should().Be(2);
        output.ExitCode.Should().BeNull();
    }

    [Fact]
    public void The_offset_counts_what_is_held_back()
    {
        var output = new MarkedOutput(Id);
        output.Take(Encoding.ASCII.GetBytes($"ab\u001e{Mark}:1"));
        output.Offset.Should().Be(2 + 1 + Mark.Length + 2);
        output.Take("2\n"u8).Length.Should().Be(0);
        output.ExitCode.Should().Be(12);
    }
}
