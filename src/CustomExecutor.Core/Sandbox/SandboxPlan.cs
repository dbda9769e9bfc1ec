namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// A policy as grants of hierarchies alone, which is all that Landlock knows: to hide <c>/etc/a</c>, every other entry
/// of <c>/etc</c> is granted instead.
/// </summary>
/// <param name="Grants">What is granted.</param>
/// <param name="Closed">
/// Directories in which everybody may write and that are closed, for something hidden lies in them: what is made beside
/// it later could not be granted.
/// </param>
/// <param name="Refused">What the admin opens and is not granted.</param>
public sealed record SandboxPlan(
    IReadOnlyList<SandboxGrant> Grants,
    IReadOnlyList<string> Closed,
    IReadOnlyList<SandboxRefusal> Refused
)
{
    /// <summary>Makes the plan.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="follow">Where a path leads. The kernel grants what a path leads to.</param>
    /// <param name="entries">The names in a directory; none where it can't be listed.</param>
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
            // Where everybody may write, siblings are of no use: what is hidden closes all of it.
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

/// <summary>Something hidden.</summary>
/// <param name="Path">As it is named.</param>
/// <param name="End">Where that leads.</param>
internal sealed record HiddenPath(string Path, string End)
{
    /// <summary>Whether a path lies below it as somebody wrote it, who knew that he names a part of something
    /// hidden.</summary>
    public bool IsAbove(string written) => SandboxPath.IsBelow(written, Path) || SandboxPath.IsBelow(written, End);
}
