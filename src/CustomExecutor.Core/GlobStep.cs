namespace CustomExecutor.Core;

/// <summary>What stands between two slashes of a <see cref="GlobPattern"/>.</summary>
internal static class GlobStep
{
    /// <summary>Whether it can be read.</summary>
    public static bool IsSound(string pattern)
    {
        for (var i = 0; i < pattern.Length; i = End(pattern, i))
        {
            if (End(pattern, i) > pattern.Length)
                return false;
        }

        return true;
    }

    /// <summary>Whether a text without slashes matches a sound pattern.</summary>
    public static bool Matches(string pattern, string text)
    {
        var reached = new bool[text.Length + 1];
        reached[0] = true;
        for (var at = 0; at < pattern.Length; at = End(pattern, at))
        {
            var next = new bool[text.Length + 1];
            for (var i = 0; i <= text.Length; i++)
            {
                next[i] =
                    pattern[at] == '*'
                        ? reached[i] || (i > 0 && next[i - 1])
                        : i > 0 && reached[i - 1] && MatchesOne(pattern[at..End(pattern, at)], text[i - 1]);
            }

            reached = next;
        }

        return reached[^1];
    }

    /// <summary>Where the element behind the one at a place begins; beyond the end if that one has none.</summary>
    private static int End(string pattern, int at)
    {
        if (pattern[at] == '\\')
            return at + 2;
        if (pattern[at] != '[')
            return at + 1;
        var i = at + 1;
        if (i < pattern.Length && pattern[i] is '^' or '!')
            i++;
        // A ] that comes first is one of the characters.
        for (var first = true; i < pattern.Length; first = false)
        {
            if (pattern[i] == ']' && !first)
                return i + 1;
            i += pattern[i] == '\\' ? 2 : 1;
        }

        return pattern.Length + 1;
    }

    private static bool MatchesOne(string element, char c) =>
        element[0] switch
        {
            '?' => true,
            '\\' => element[1] == c,
            '[' => element[1] is '^' or '!' ? !IsIn(element[2..^1], c) : IsIn(element[1..^1], c),
            var literal => literal == c,
        };

    private static bool IsIn(string set, char c)
    {
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i] == '\\' && i + 1 < set.Length)
                i++;
            var from = set[i];
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                i += 2;
                if (set[i] == '\\' && i + 1 < set.Length)
                    i++;
            }

            if (from <= c && c <= set[i])
                return true;
        }

        return false;
    }
}
