namespace CustomExecutor.Core.Sandbox;

/// <summary>Excludes hidden paths from granted hierarchies.</summary>
internal static class SandboxCarving
{
    /// <summary>Replaces a grant with grants for everything in it that is not hidden.</summary>
    public static IEnumerable<SandboxGrant> Open(
        SandboxGrant grant,
        IReadOnlyList<string> hidden,
        Func<string, IEnumerable<string>> entries
    )
    {
        if (hidden.Any(path => SandboxPath.IsWithin(grant.Path, path)))
            return [];
        var within = hidden.Where(path => SandboxPath.IsBelow(path, grant.Path)).ToList();
        return within.Count == 0
            ? [grant]
            : entries(grant.Path)
                .SelectMany(name =>
                    Open(grant with { Path = grant.Path == "/" ? $"/{name}" : $"{grant.Path}/{name}" }, within, entries)
                );
    }

    /// <summary>
    /// Each grant costs a few microseconds per start, and on a system with a merged /usr half of them are links to
    /// others.
    /// </summary>
    public static IReadOnlyList<SandboxGrant> WithoutCovered(List<SandboxGrant> grants)
    {
        var seen = new Dictionary<string, SandboxAccess>(StringComparer.Ordinal);
        foreach (var grant in grants)
        {
            if (!seen.TryGetValue(grant.Path, out var access) || access < grant.Access)
                seen[grant.Path] = grant.Access;
        }

        return [.. seen.Where(g => !IsCovered(g.Key, g.Value, seen)).Select(g => new SandboxGrant(g.Key, g.Value))];
    }

    private static bool IsCovered(string path, SandboxAccess access, Dictionary<string, SandboxAccess> grants)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (grants.TryGetValue(path[..slash], out var above) && (above == access || above == SandboxAccess.Full))
                return true;
        }

        return false;
    }
}
