using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>The end of buildkitd's log, fit for a job log.</summary>
internal static partial class DaemonLog
{
    private const int Most = 6;

    /// <summary>The last lines that say something: behind an error buildkitd prints a stack of Go functions, two lines
    /// for each.</summary>
    public static IReadOnlyList<string> LastLines(string log)
    {
        var lines = log.Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        List<string> shown = [];
        for (var i = 0; i < lines.Count; i++)
        {
            if (StackPlace().IsMatch(lines[i]) || (i + 1 < lines.Count && StackPlace().IsMatch(lines[i + 1])))
                continue;
            if (lines[i].Trim() is { Length: > 0 } line)
                shown.Add(DisplayText.Of(line, 300));
        }

        return shown.Count > Most ? shown[^Most..] : shown;
    }

    [GeneratedRegex(@"^\t\S+\.(go|s):\d+$")]
    private static partial Regex StackPlace();
}
