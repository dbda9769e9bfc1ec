namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>What a script in a container finds beside what the container has.</summary>
public sealed record PodScriptEnvironment
{
    /// <summary>By it <see cref="PodShellText.End"/> finds the script's processes.</summary>
    private const string Tag = "CUSTOM_EXECUTOR_SCRIPT";

    /// <summary>Variables, set over the container's.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Directories that stand before those of the container's PATH; null for none.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>The mask of new files' modes, octal; null for 022.</summary>
    public string? Umask { get; init; }

    /// <summary>Where the script begins; null for the container's own directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The script's HOME where the container's user can't write its own; null for none.</summary>
    public string? SpareHome { get; init; }

    /// <summary>Whether the spare HOME is used whatever the shell says: busybox's says that root can write
    /// everywhere, also where the filesystem is read-only.</summary>
    public bool IsOwnHomeReadOnly { get; init; }

    /// <summary>The shell text that sets it, to be read by the shell before it executes the script.</summary>
    internal string ShellText(string id)
    {
        var lines = new List<string> { "n='", "'", $"export {Tag}={id}" };
        foreach (var (name, value) in Variables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!IsName(name) || value.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException($"{DisplayText.Of(name)} can't be a variable of a shell.");
            }

            lines.Add($"export {name}={ShellWord.OnOneLine(value)}");
        }

        if (PathPrefix is { } prefix)
            lines.Add($"export PATH={ShellWord.OnOneLine(prefix)}${{PATH:+:$PATH}}");
        lines.Add($"umask {Umask ?? "022"}");
        if (SpareHome is { } home)
        {
            var word = ShellWord.OnOneLine(home);
            var unlessWritable = IsOwnHomeReadOnly ? "" : "[ \"$HOME\" ] && [ \"$HOME\" != / ] && [ -w \"$HOME\" ] || ";
            lines.Add($"{unlessWritable}{{ mkdir -p {word} && export HOME={word}; }} 2>/dev/null");
        }

        if (WorkingDirectory is { } directory)
            lines.Add($"cd -- {ShellWord.OnOneLine(directory)} || exit 1");
        lines.Add("unset n");
        return string.Join('\n', lines);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
