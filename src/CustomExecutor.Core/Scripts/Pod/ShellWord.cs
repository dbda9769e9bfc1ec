namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>Quotes text for a POSIX shell.</summary>
internal static class ShellWord
{
    /// <summary>One word on one line that stands for the text, whatever is in it. A line end is written as the variable
    /// <c>n</c>, which holds one.</summary>
    public static string Of(string text) =>
        "'"
        + text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("\n", "'\"$n\"'", StringComparison.Ordinal)
        + "'";
}
