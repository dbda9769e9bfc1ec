namespace CustomExecutor.EngineApi.Tests.CommandTable;

/// <summary>The table of commands in the program's README: each row is run with the real docker and builder.</summary>
public sealed class CommandTableSpecs(CommandTableParts parts) : IClassFixture<CommandTableParts>
{
    public static TheoryData<string> Rows => [.. TableRow.All.Select(row => string.Join("; ", row.Commands))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_row_says_what_happens(string commands)
    {
        var row = TableRow.All.Single(row => string.Join("; ", row.Commands) == commands);
        using var shell = await parts.Shell();

        foreach (var command in row.Commands)
        {
            var (code, printed) = await shell.Run(command);

            printed = string.Join(' ', printed.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
            (code == 0).Should().Be(row.Works, $"{command} printed {printed}");
            if (row.Message is not null)
                printed.Should().Contain(row.Message, command);
        }
    }

    [Fact]
    public void The_table_has_rows_of_both_kinds() =>
        TableRow.All.GroupBy(row => row.Works).Should().HaveCount(2).And.OnlyContain(rows => rows.Count() > 10);
}
