namespace CustomExecutor.Core;

/// <summary>
/// A pattern for names with slashes, by the rules of GitLab Runner's <c>allowed_images</c> (bmatcuk/doublestar):
/// <c>*</c> stands for any text without a slash, <c>**</c> as a step of its own for any steps, <c>?</c> for a
/// character, <c>[a-z]</c> and <c>[^a-z]</c> for one of several, <c>{a,b}</c> for either, and <c>\</c> takes the next
/// character as it is.
/// </summary>
public static class GlobPattern
{
    /// <summary>No image has a longer name; more is not compared.</summary>
    private const int LongestName = 1024;

    private const int MostAlternatives = 1000;

    /// <summary>What is wrong with a pattern, as the end of a sentence; null for nothing.</summary>
    public static string? MistakeOf(string pattern)
    {
        if (pattern.Length == 0)
            return "matches nothing; leave it out";
        if (GlobAlternatives.Of(pattern, MostAlternatives) is not { } alternatives)
            return "has a { without its }, or stands for too many patterns";
        return alternatives.SelectMany(a => a.Split('/')).All(GlobStep.IsSound)
            ? null
            : "has a [ without its ], or a \\ at its end";
    }

    /// <summary>Whether a name matches; never by a pattern with a mistake.</summary>
    /// <param name="pattern">The admin's pattern.</param>
    /// <param name="name">The name. Hostile text.</param>
    public static bool Matches(string pattern, string name) =>
        name.Length <= LongestName
        && MistakeOf(pattern) is null
        && GlobAlternatives.Of(pattern, MostAlternatives)!.Any(a => MatchesSteps(a.Split('/'), name.Split('/')));

    private static bool MatchesSteps(string[] patterns, string[] steps)
    {
        // Row by row: whether the patterns so far match the steps so far. It takes no longer for hostile names.
        var reached = new bool[steps.Length + 1];
        reached[0] = true;
        foreach (var pattern in patterns)
        {
            var next = new bool[steps.Length + 1];
            for (var i = 0; i <= steps.Length; i++)
            {
                next[i] =
                    pattern == "**"
                        ? reached[i] || (i > 0 && next[i - 1])
                        : i > 0 && reached[i - 1] && GlobStep.Matches(pattern, steps[i - 1]);
            }

            reached = next;
        }

        return reached[^1];
    }
}
