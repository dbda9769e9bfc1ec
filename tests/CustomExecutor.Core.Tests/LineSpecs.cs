namespace CustomExecutor.Core.Tests;

/// <summary>The line limit. CSharpier breaks code; comments and strings are broken by hand.</summary>
public sealed class LineSpecs
{
    private const int Columns = 120;

    [Fact]
    public void No_line_of_the_program_is_longer_than_120_columns() =>
        Long("src").Where(line => !IsOneWord(line.Text)).Should().BeEmpty();

    [Fact]
    public void No_line_of_the_tests_is_longer_than_120_columns_except_recorded_text() =>
        Long("tests").Where(line => !line.Text.Contains('"') && !line.IsRecorded).Should().BeEmpty();

    /// <summary>An image with its digest, or a URL, has no place to break.</summary>
    private static bool IsOneWord(string text) => !text.Trim().Contains(' ');

    private static IEnumerable<(string File, int Number, string Text, bool IsRecorded)> Long(string top)
    {
        var root = RepositoryFile.PathOf(top);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            if (Path.GetRelativePath(root, file).Split('/').Intersect(["obj", "bin"]).Any())
            {
                continue;
            }
            var raw = false;
            foreach (var (number, text) in File.ReadAllLines(file).Index())
            {
                raw ^= text.Split("\"\"\"").Length % 2 == 0;
                if (text.Length > Columns)
                {
                    yield return (Path.GetRelativePath(root, file), number + 1, text, raw);
                }
            }
        }
    }
}
