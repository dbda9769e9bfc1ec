using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Tests;

/// <summary>runner/troubleshooting.md quotes the driver's messages. Each must exist in the code.</summary>
public sealed class TroubleshootingSpecs
{
    private const string End = "## Messages of docker";

    private static readonly string Sources = string.Join(
        '\n',
        Directory
            .EnumerateFiles(RepositoryFile.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText)
    );

    public static TheoryData<string> Messages =>
        new(Regex.Matches(Section(), @"^\| `([^`]+)`", RegexOptions.Multiline).Select(row => row.Groups[1].Value));

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_driver_prints_every_message_in_the_table(string message)
    {
        // Dots in the table stand for variable text.
        var parts = message.Split("...", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        parts.Should().OnlyContain(part => Sources.Contains(part, StringComparison.Ordinal), "src has them");
    }

    private static string Section()
    {
        var text = File.ReadAllText(RepositoryFile.PathOf("runner/troubleshooting.md"));
        return text[..text.IndexOf(End, StringComparison.Ordinal)];
    }
}
