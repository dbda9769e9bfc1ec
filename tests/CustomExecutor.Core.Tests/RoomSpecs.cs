using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Tests;

/// <summary>The rooms: a namespace is a folder, and namespaces have no circular dependencies.</summary>
public sealed partial class RoomSpecs
{
    private static readonly List<(string Folder, string Namespace, string[] Uses)> Files = [.. Sources("src")];

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void A_namespace_is_the_folder_that_the_file_is_in(string top) =>
        Sources(top).Should().OnlyContain(file => file.Namespace == file.Folder.Replace('/', '.'));

    [Fact]
    public void No_namespace_depends_on_one_that_depends_on_it()
    {
        var namespaces = Files.Select(file => file.Namespace).ToHashSet();
        var uses = Files
            .GroupBy(file => file.Namespace)
            .ToDictionary(
                room => room.Key,
                room =>
                    room.SelectMany(file => file.Uses)
                        .Where(namespaces.Contains)
                        .Where(used => used != room.Key)
                        .ToHashSet()
            );

        // A namespace that uses none of the remaining ones cannot be in a circle. Those that remain at the end are in a
        // circle or lead into one.
        while (uses.Where(room => room.Value.Count == 0).Select(room => room.Key).ToList() is { Count: > 0 } free)
        {
            foreach (var room in free)
                uses.Remove(room);
            foreach (var room in uses.Values)
                room.ExceptWith(free);
        }

        uses.Should().BeEmpty();
    }

    private static IEnumerable<(string Folder, string Namespace, string[] Uses)> Sources(string top)
    {
        var root = RepositoryFile.PathOf(top);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
            var text = File.ReadAllText(file);
            if (folder.Split('/').Intersect(["obj", "bin"]).Any() || !Namespace().IsMatch(text))
                continue;
            yield return (
                folder,
                Namespace().Match(text).Groups[1].Value,
                [.. Using().Matches(text).Select(used => used.Groups[1].Value)]
            );
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
