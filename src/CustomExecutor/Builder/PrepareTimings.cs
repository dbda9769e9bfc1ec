namespace CustomExecutor.Builder;

/// <summary>Where prepare's time goes: milliseconds from its beginning to each mark, each set once.</summary>
internal sealed class PrepareTimings(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, long> _marks = [];

    /// <summary>What has been reached so far, by the mark's name.</summary>
    public IReadOnlyDictionary<string, long> Marks => _marks;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Notes that something was reached; later calls of the same name change nothing.</summary>
    public void Mark(string name) => _marks.TryAdd(name, (long)Elapsed.TotalMilliseconds);

    /// <summary>Notes all that was reached so far.</summary>
    public void Mark(IEnumerable<string> names)
    {
        foreach (var name in names)
            Mark(name);
    }
}
