namespace CustomExecutor.Commands.Doctor;

/// <summary>Whether a finding is a problem.</summary>
internal enum Health
{
    Good,

    /// <summary>For information, not a problem.</summary>
    Note,

    Bad,
}

/// <summary>One line of the table.</summary>
/// <param name="What">The subject of the check.</param>
/// <param name="Health">Whether it is a problem.</param>
/// <param name="Result">The result in one or two words.</param>
/// <param name="Why">The reason or the remedy; may be empty.</param>
internal sealed record Finding(string What, Health Health, string Result, string Why)
{
    /// <summary>All findings as a table, one per line.</summary>
    public static string Table(IReadOnlyList<Finding> findings)
    {
        var (what, result) = (findings.Max(f => f.What.Length), findings.Max(f => f.Result.Length));
        return string.Concat(
            findings.Select(f =>
                $"  {Mark(f.Health)} {f.What.PadRight(what)}  {f.Result.PadRight(result)}  {f.Why}".TrimEnd() + "\n"
            )
        );
    }

    private static char Mark(Health health) =>
        health switch
        {
            Health.Good => '+',
            Health.Bad => '!',
            _ => ' ',
        };
}
