using System.Text.RegularExpressions;

namespace CustomExecutor.EngineApi.References;

/// <summary>The grammar of names (<c>distribution/reference/regexp.go</c>).</summary>
internal static partial class ReferenceGrammar
{
    /// <summary>
    /// Of registry and path together (<c>NameTotalLengthMax</c>; newer versions leave the registry out).
    /// </summary>
    private const int LongestName = 255;

    /// <summary>Whether the text is an image's id in full, which no name can be.</summary>
    public static bool IsIdentifier(string text) => Identifier().IsMatch(text);

    /// <summary>What is wrong; empty if nothing is.</summary>
    public static string Mistake(string domain, string path, string? tag)
    {
        if (path.Length > LongestName)
            return $"a repository's name has at most {LongestName} characters";
        if (!Domain().IsMatch(domain))
            return "the registry is not HOST or HOST:PORT";
        if (!Path().IsMatch(path))
        {
            return path.Any(char.IsAsciiLetterUpper)
                ? "repository name must be lowercase"
                : "a repository's name has lower-case letters, digits, and single separators (. _ - /) between them";
        }

        return tag is not null && !Tag().IsMatch(tag)
            ? "a tag has letters, digits, '_', '.' and '-', at most 128, and begins with neither '.' nor '-'"
            : "";
    }

    [GeneratedRegex(@"^[a-f0-9]{64}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(
        @"^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?\z",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Domain();

    [GeneratedRegex(
        @"^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*\z",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Path();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Tag();
}
