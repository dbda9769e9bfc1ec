using System.Globalization;
using System.Text;

namespace CustomExecutor.Core;

/// <summary>Makes text that an author or the cluster chose fit for one line of a log.</summary>
public static class DisplayText
{
    /// <summary>
    /// The text with control characters, line ends and bidirectional overrides written as <c>\uXXXX</c>, cut to
    /// <paramref name="limit"/> characters (and an ellipsis behind them). It can neither forge a log line or section
    /// nor send a terminal an escape sequence.
    /// </summary>
    public static string Of(string text, int limit = 200)
    {
        var shown = new StringBuilder(Math.Min(text.Length, limit) + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            var next = IsUnsafe(rune)
                ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
                : rune.ToString();
            if (shown.Length + next.Length > limit)
                return shown.Append('…').ToString();
            shown.Append(next);
        }

        return shown.ToString();
    }

    private static bool IsUnsafe(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
