namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// A policy as grants of hierarchies. Landlock supports nothing else: to hide <c>/etc/a</c>, the plan grants every
/// other entry of <c>/etc</c>.
/// </summary>
/// <param name="Grants">The granted paths.</param>
/// <param name="Closed">
/// World-writable directories that are closed because they contain a hidden path: entries created later could not be
/// granted.
/// </param>
/// <param name="Refused">The admin's openings that are not granted.</param>
public sealed record SandboxPlan(
    IReadOnlyList<SandboxGrant> Grants,
    IReadOnlyList<string> Closed,
    IReadOnlyList<SandboxRefusal> Refused
)
{
    /// <summary>Creates the plan.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="follow">Resolves a path. The kernel grants the target of a link.</param>
    /// <param name="entries">Lists the names in a directory; none if it can't be listed.</param>
    public static SandboxPlan Of(
        SandboxPolicy policy,
        Func<string, PathTrail> follow,
        Func<string, IEnumerable<string>> entries
    )
    {
        var hidden = policy
            .Hidden.Select(path => new HiddenPath(path, follow(path).End))
            .DistinctBy(h => h.End)
            .ToList();
        var ends = hidden.Select(h => h.End).ToList();
        var grants = new List<SandboxGrant>(policy.Own.Select(Resolved));
        var closed = new List<string>();
        foreach (var grant in policy.Shared.Select(Resolved))
        {
            // Granting siblings does not help in a world-writable directory: a hidden path closes all of it.
            if (grant.Access == SandboxAccess.Full && ends.Any(path => Touch(path, grant.Path)))
                closed.Add(grant.Path);
            else
                grants.AddRange(SandboxCarving.Open(grant, ends, entries));
        }

        var openings = new AdminOpenings(policy, hidden, closed, follow);
        foreach (var (grant, others) in openings.Judge())
            grants.AddRange(SandboxCarving.Open(grant, others, entries));
        return new SandboxPlan(SandboxCarving.WithoutCovered(grants), closed, openings.Refused);

        SandboxGrant Resolved(SandboxGrant grant) => grant with { Path = follow(grant.Path).End };
    }

    private static bool Touch(string path, string other) =>
        SandboxPath.IsWithin(path, other) || SandboxPath.IsWithin(other, path);
}

/// <summary>A hidden path.</summary>
/// <param name="Path">The path as written.</param>
/// <param name="End">The path with all links followed.</param>
internal sealed record HiddenPath(string Path, string End)
{
    /// <summary>
    /// Whether a path, as written, is below it: its author then intended to name part of a hidden path.
    /// </summary>
    public bool IsAbove(string written) => SandboxPath.IsBelow(written, Path) || SandboxPath.IsBelow(written, End);
}
