namespace CustomExecutor.Core.Settings;

/// <summary>What is wrong with a settings file, collected in the order in which it is found.</summary>
internal sealed class SettingsMistakes
{
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    /// <summary>One mistake a line: its path in the file, the value, the remedy.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The path of an item within a list, counted from 0 as in JSON paths.</summary>
    public static string Item(string parent, int index) => $"{parent}[{index}]";

    /// <summary>A value in quotes, fit for a line of a log.</summary>
    public static string Quoted(string value) => $"\"{DisplayText.Of(value)}\"";

    /// <summary>Notes a mistake.</summary>
    /// <param name="path">Where in the file; empty for the whole of it.</param>
    /// <param name="text">The value and the remedy.</param>
    public void Add(string path, string text) => _lines.Add($"{(path.Length == 0 ? "the whole file" : path)}: {text}");

    /// <summary>Notes that the file says something about a key that could not be read, so that its default is not what
    /// the admin means.</summary>
    public void MarkUnread(string path) => _unread.Add(path);

    /// <summary>False if a value is a default only because what the file says of it, or of an object around it, could
    /// not be read.</summary>
    public bool WasRead(string path) =>
        !_unread.Any(unread =>
            path.StartsWith(unread, StringComparison.Ordinal)
            && (path.Length == unread.Length || unread.Length == 0 || path[unread.Length] is '.' or '[')
        );
}
