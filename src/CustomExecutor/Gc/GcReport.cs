namespace CustomExecutor.Gc;

/// <summary>What gc tells: a line for each thing at once, and at the end how many of each kind.</summary>
/// <param name="dryRun">Whether nothing is removed.</param>
/// <param name="line">Takes each line.</param>
/// <param name="mostRemovals">How many things may be removed; what remains waits for the next time.</param>
internal sealed class GcReport(bool dryRun, Action<string> line, int mostRemovals = int.MaxValue)
{
    private readonly Dictionary<string, int> _removed = [];
    private readonly List<string> _problems = [];
    private int _left;

    public bool DryRun => dryRun;

    /// <summary>What could not be done, one sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Whether as much has been removed as may be.</summary>
    public bool IsFull => _removed.Values.Sum() >= mostRemovals;

    /// <summary>How many things were removed, by their kind.</summary>
    public IReadOnlyDictionary<string, int> Removed => _removed;

    /// <param name="kind">What it is, in the plural.</param>
    /// <param name="what">What it is, whose it was and why it goes.</param>
    public void Remove(string kind, string what)
    {
        _removed[kind] = _removed.GetValueOrDefault(kind) + 1;
        line($"{(dryRun ? "would remove" : "removed")} {what}");
    }

    /// <summary>Something is not touched, though nobody may need it.</summary>
    public void Leave(string what)
    {
        _left++;
        line($"kept {what}");
    }

    /// <summary>Something that an admin should know and that is not about a job's leftovers.</summary>
    public void Note(string what) => line(what);

    /// <summary>Something could not be done. What is left is still to be done: one bad item never ends the
    /// rest.</summary>
    public void Problem(Exception problem) => _problems.Add(InternalError.Expected(problem).Message);

    /// <summary>The last line.</summary>
    public string Summary()
    {
        var verb = dryRun ? "would remove" : "removed";
        var removed =
            _removed.Count == 0
                ? dryRun
                    ? "nothing to remove"
                    : "nothing removed"
                : $"{verb} {string.Join(", ", _removed.Select(Counted))}";
        return removed
            + (_left == 0 ? "" : $"; kept {_left} {(_left == 1 ? "item" : "items")} (see above)")
            + (_problems.Count == 0 ? "" : $"; {_problems.Count} {(_problems.Count == 1 ? "problem" : "problems")}");
    }

    private static string Counted(KeyValuePair<string, int> removed) =>
        $"{removed.Value} {(removed.Value == 1 ? Singular(removed.Key) : removed.Key)}";

    private static string Singular(string kind) => kind == "attempt directories" ? "attempt directory" : kind[..^1];
}
