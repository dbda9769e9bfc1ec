using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Tests;

/// <summary>runner/troubleshooting.md quotes the driver's messages: each must be one that the code can print.</summary>
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
    public void A_message_in_the_table_is_one_that_the_driver_prints(string message)
    {
        // The code puts other text where the table has dots.
        var parts = message.Split("...", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        parts.Should().OnlyContain(part => Sources.Contains(part, StringComparison.Ordinal), "src has them");
    }

    private static string Section()
    {
        var text = File.ReadAllText(RepositoryFile.PathOf("runner/troubleshooting.md"));
        return text[..text.IndexOf(End, StringComparison.Ordinal)];
    }
}
