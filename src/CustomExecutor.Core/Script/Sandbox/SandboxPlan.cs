namespace CustomExecutor.Core.Script.Sandbox;

/// <summary>
/// A policy as grants of hierarchies alone, which is all that Landlock knows: to hide <c>/etc/a</c>, every other entry of <c>/etc</c> is granted instead.
/// </summary>
/// <param name="Grants">What is granted.</param>
/// <param name="Closed">
/// Directories in which everybody may write and that are closed, for something hidden lies in them: what is made beside it later could not be granted.
/// </param>
public sealed record SandboxPlan(IReadOnlyList<SandboxGrant> Grants, IReadOnlyList<string> Closed)
{
    /// <summary>Makes the plan.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="real">A path with its links followed; the path itself where there is nothing. The kernel grants what a path leads to.</param>
    /// <param name="entries">The names in a directory; none where it can't be listed.</param>
    public static SandboxPlan Of(SandboxPolicy policy, Func<string, string> real, Func<string, IEnumerable<string>> entries)
    {
        var hidden = policy.Hidden.Select(real).Distinct().ToList();
        var grants = new List<SandboxGrant>(Resolved(policy.Own, real));
        var closed = new List<string>();
        foreach (var grant in Resolved(policy.Shared, real))
        {
            // Where everybody may write, siblings are of no use: what is hidden closes all of it.
            if (grant.Access == SandboxAccess.Full && hidden.Any(path => Touch(path, grant.Path))) closed.Add(grant.Path);
            else grants.AddRange(Open(grant, hidden, entries));
        }

        foreach (var grant in Resolved(policy.Allowed, real))
        {
            // What is opened within something hidden is meant; hidden directories as a whole are not opened by one above them.
            var others = hidden.Where(path => !SandboxPath.IsBelow(grant.Path, path)).ToList();
            grants.AddRange(Open(grant, others, entries));
        }

        return new SandboxPlan(WithoutCovered(grants), closed);
    }

    private static IEnumerable<SandboxGrant> Resolved(IEnumerable<SandboxGrant> grants, Func<string, string> real) =>
        grants.Select(grant => grant with { Path = real(grant.Path) });

    private static bool Touch(string path, string other) => SandboxPath.IsWithin(path, other) || SandboxPath.IsWithin(other, path);

    private static IEnumerable<SandboxGrant> Open(SandboxGrant grant, IReadOnlyList<string> hidden, Func<string, IEnumerable<string>> entries)
    {
        if (hidden.Any(path => SandboxPath.IsWithin(grant.Path, path))) return [];
        var within = hidden.Where(path => SandboxPath.IsBelow(path, grant.Path)).ToList();
        return within.Count == 0
            ? [grant]
            : entries(grant.Path).SelectMany(name => Open(grant with { Path = grant.Path == "/" ? $"/{name}" : $"{grant.Path}/{name}" }, within, entries));
    }

    /// <summary>Each grant costs some microseconds at each start, and on a merged system half of them are links to another.</summary>
    private static List<SandboxGrant> WithoutCovered(List<SandboxGrant> grants)
    {
        var seen = new Dictionary<string, SandboxAccess>(StringComparer.Ordinal);
        foreach (var grant in grants)
            if (!seen.TryGetValue(grant.Path, out var access) || access < grant.Access) seen[grant.Path] = grant.Access;
        return [.. seen.Where(g => !IsCovered(g.Key, g.Value, seen)).Select(g => new SandboxGrant(g.Key, g.Value))];
    }

    private static bool IsCovered(string path, SandboxAccess access, Dictionary<string, SandboxAccess> grants)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            if (grants.TryGetValue(path[..slash], out var above) && (above == access || above == SandboxAccess.Full)) return true;
        return false;
    }
}
