using System.Text;

namespace CustomExecutor.Core;

/// <summary>The patterns that a <see cref="GlobPattern"/> with <c>{a,b}</c> stands for.</summary>
internal static class GlobAlternatives
{
    /// <summary>The patterns without braces, or null if a brace has no end or there are more than
    /// <paramref name="most"/>.</summary>
    public static IReadOnlyList<string>? Of(string pattern, int most)
    {
        List<string> found = [];
        Stack<string> open = new([pattern]);
        while (open.TryPop(out var next))
        {
            if (found.Count + open.Count >= most)
                return null;
            var begin = FirstBrace(next);
            if (begin < 0)
            {
                found.Add(next);
                continue;
            }

            if (Parts(next, begin, out var end) is not { } parts)
                return null;
            foreach (var part in parts)
                open.Push(next[..begin] + part + next[end..]);
        }

        return found;
    }

    /// <summary>What stands between the commas of the outermost brace that begins at a place.</summary>
    private static List<string>? Parts(string pattern, int begin, out int end)
    {
        List<string> parts = [];
        var part = new StringBuilder();
        var depth = 0;
        for (end = begin + 1; end < pattern.Length; end++)
        {
            var c = pattern[end];
            if (c == '\\' && end + 1 < pattern.Length)
            {
                part.Append(c).Append(pattern[++end]);
            }
            else if (depth == 0 && (c is ',' or '}'))
            {
                parts.Add(part.ToString());
                part.Clear();
                if (c == '}')
                {
                    end++;
                    return parts;
                }
            }
            else
            {
                depth += c switch
                {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                part.Append(c);
            }
        }

        return null;
    }

    /// <summary>The first brace that no backslash precedes; -1 for none.</summary>
    private static int FirstBrace(string text)
    {
        for (var i = 0; i < text.Length; i += text[i] == '\\' ? 2 : 1)
        {
            if (text[i] == '{')
                return i;
        }

        return -1;
    }
}
