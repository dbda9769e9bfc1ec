namespace CustomExecutor.Commands.Doctor;

/// <summary>How a finding is to be taken.</summary>
internal enum Health
{
    Good,

    /// <summary>Worth knowing, and nothing is wrong.</summary>
    Note,

    Bad,
}

/// <summary>One line of the table.</summary>
/// <param name="What">What was looked at.</param>
/// <param name="Health">Whether it is as it should be.</param>
/// <param name="Result">In a word or two.</param>
/// <param name="Why">The reason or the remedy; may be empty.</param>
internal sealed record Finding(string What, Health Health, string Result, string Why)
{
    /// <summary>All findings as a table, one a line.</summary>
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
