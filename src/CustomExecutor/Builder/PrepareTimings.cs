using System.Diagnostics;

namespace CustomExecutor.Builder;

/// <summary>Where prepare's time goes: milliseconds from its beginning to each mark, each set once.</summary>
internal sealed class PrepareTimings
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, long> _marks = [];

    /// <summary>What has been reached so far, by the mark's name.</summary>
    public IReadOnlyDictionary<string, long> Marks
    {
        get
        {
            lock (_marks)
                return new Dictionary<string, long>(_marks);
        }
    }

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Notes that something was reached; later calls of the same name change nothing.</summary>
    public void Mark(string name)
    {
        lock (_marks)
            _marks.TryAdd(name, (long)Elapsed.TotalMilliseconds);
    }
}
