namespace CustomExecutor.Core.Settings;

/// <summary>Collects the mistakes in a settings file, in the order in which they are found.</summary>
internal sealed class SettingsMistakes
{
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    /// <summary>One mistake per line: its path in the file, the value, the remedy.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The path of a list's item. The index starts at 0, as in JSON paths.</summary>
    public static string Item(string parent, int index) => $"{parent}[{index}]";

    /// <summary>A value in quotes, on one line.</summary>
    public static string Quoted(string value) => $"\"{DisplayText.Of(value)}\"";

    /// <summary>Adds a mistake.</summary>
    /// <param name="path">The path in the file; empty for the whole file.</param>
    /// <param name="text">The value and the remedy.</param>
    public void Add(string path, string text) => _lines.Add($"{(path.Length == 0 ? "the whole file" : path)}: {text}");

    /// <summary>
    /// Records that the file has a value for a key that could not be read, so that its default is not the admin's
    /// intention.
    /// </summary>
    public void MarkUnread(string path) => _unread.Add(path);

    /// <summary>
    /// False if a value is a default only because the file's value, or an object around it, could not be read.
    /// </summary>
    public bool WasRead(string path) =>
        !_unread.Any(unread =>
            path.StartsWith(unread, StringComparison.Ordinal)
            && (path.Length == unread.Length || unread.Length == 0 || path[unread.Length] is '.' or '[')
        );
}
