namespace CustomExecutor.Core.JobPod;

/// <summary>A service's log in the job log, as far as it is there already.</summary>
/// <param name="name">The service's name in front of each line. Hostile text.</param>
/// <param name="mark">Where an earlier stage stopped; null for the log's beginning.</param>
public sealed class ServiceLog(string name, ServiceLogMark? mark)
{
    private readonly string _prefix = $"[service:{DisplayText.Of(name)}] ";

    /// <summary>The last line that was shown; null for none.</summary>
    public ServiceLogMark? Mark { get; private set; } = mark;

    /// <summary>The lines that were not shown yet, with the service's name in front as GitLab Runner writes it
    /// (<c>InlineServiceLogWriter</c>).</summary>
    /// <param name="log">The log, or its end, with the time in front of each line. Hostile text.</param>
    public IReadOnlyList<string> New(string log)
    {
        // Behind the last line end is a line that is not complete.
        var lines = log.Split('\n')[..^1].Select(line => line.TrimEnd('\r')).Where(line => TimeOf(line) is not null);
        string[] unshown = [.. NotShown([.. lines])];
        if (unshown.Length > 0)
            Mark = ServiceLogMark.Of(unshown[^1]);
        return [.. unshown.Select(line => _prefix + DisplayText.Of(line[(line.IndexOf(' ') + 1)..], int.MaxValue))];
    }

    /// <summary>The order of the lines counts, not their times: the runtime takes the time of a line of stdout and of
    /// one of stderr before it decides which of them comes first. A mark that is not there is older than all of this,
    /// or the node has rotated the log.</summary>
    private IEnumerable<string> NotShown(string[] lines)
    {
        if (Mark is not { } shown)
            return lines;
        var at = Array.FindLastIndex(lines, shown.Is);
        return at >= 0 ? lines[(at + 1)..] : lines.Where(line => TimeOf(line) > shown.Time);
    }

    /// <summary>The node's own words (the log can't be read, ...) have no time.</summary>
    private static DateTimeOffset? TimeOf(string line)
    {
        var end = line.IndexOf(' ');
        return end > 0 ? ServiceLogMark.TimeOf(line[..end]) : null;
    }
}
