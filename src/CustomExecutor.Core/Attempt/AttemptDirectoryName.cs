namespace CustomExecutor.Core.Attempt;

/// <summary>The paths that the runner gives to attempts' directories (<c>os.MkdirTemp("", "custom-executor")</c> in its
/// source).</summary>
public static class AttemptDirectoryName
{
    /// <summary>How the last part begins.</summary>
    public const string Prefix = "custom-executor";

    /// <summary>Whether it can be one: absolute, written plainly, with the runner's beginning of a name and more behind
    /// it.</summary>
    public static bool IsOne(string? path) =>
        path is { Length: < 4096 }
        && path.StartsWith('/')
        && !path.Any(char.IsControl)
        && path[1..].Split('/') is { Length: >= 2 } parts
        && parts.All(part => part is not ("" or "." or ".."))
        && parts[^1].StartsWith(Prefix, StringComparison.Ordinal)
        && parts[^1].Length > Prefix.Length;
}
