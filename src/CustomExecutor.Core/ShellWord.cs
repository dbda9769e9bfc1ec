namespace CustomExecutor.Core;

/// <summary>Quotes text for a POSIX shell.</summary>
internal static class ShellWord
{
    /// <summary>The word that stands for the text, whatever is in it.</summary>
    public static string Of(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>The same on one line: a line end is written as the variable <c>n</c>, which holds one.</summary>
    public static string OnOneLine(string text) => Of(text).Replace("\n", "'\"$n\"'", StringComparison.Ordinal);
}
