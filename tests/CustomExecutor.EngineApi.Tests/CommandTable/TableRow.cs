using System.Text.RegularExpressions;

namespace CustomExecutor.EngineApi.Tests.CommandTable;

/// <summary>A row of the table of commands in the program's README.</summary>
/// <param name="Commands">Shell commands, which run in this order.</param>
/// <param name="Works">Whether they succeed.</param>
/// <param name="Message">What each of them prints where it is refused; else null.</param>
internal sealed partial record TableRow(IReadOnlyList<string> Commands, bool Works, string? Message)
{
    public const string File = "src/CustomExecutor.EngineApi/README.md";

    public static IReadOnlyList<TableRow> All =>
        [
            .. System
                .IO.File.ReadLines(RepositoryFile.PathOf(File))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(Read),
        ];

    private static TableRow Read(string line)
    {
        var cells = line.Trim('|').Split('|');
        cells.Should().HaveCount(3, line);
        var result = cells[1].Trim().Split(':')[0];
        result.Should().BeOneOf("works", "refused");
        return new TableRow(Code(cells[0]), result == "works", result == "works" ? null : Code(cells[2])[0]);
    }

    private static List<string> Code(string cell) => [.. Quoted().Matches(cell).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
