namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// Decides which of the admin's openings are granted, by the paths as written. A link is followed only if no script can
/// have created it: where scripts can write, a script could replace a directory with a link to another job's files, and
/// the next script would get access to those.
/// </summary>
internal sealed class AdminOpenings
{
    private readonly SandboxPolicy _policy;
    private readonly IReadOnlyList<HiddenPath> _hidden;
    private readonly Func<string, PathTrail> _follow;
    private readonly List<SandboxRefusal> _refused = [];

    /// <summary>Where scripts, or other users of the host, can create links.</summary>
    private readonly List<string> _written = [];

    /// <summary>The part of that which scripts can access anyway.</summary>
    private readonly List<string> _open = [];

    /// <param name="policy">The policy.</param>
    /// <param name="hidden">The paths that it hides.</param>
    /// <param name="closed">World-writable directories that are closed to scripts.</param>
    /// <param name="follow">Resolves a path.</param>
    public AdminOpenings(
        SandboxPolicy policy,
        IReadOnlyList<HiddenPath> hidden,
        IReadOnlyList<string> closed,
        Func<string, PathTrail> follow
    )
    {
        (_policy, _hidden, _follow) = (policy, hidden, follow);
        foreach (var grant in policy.Own.Concat(policy.Shared).Where(grant => grant.Access == SandboxAccess.Full))
            AddWritten(grant.Path, closed);
        var allowed = policy
            .Openings.Where(opening => opening.Access == SandboxAccess.Full && !IsOpen(opening.Path))
            .Select(opening => opening.Path)
            .ToList();
        foreach (var path in allowed.Where(path => !allowed.Any(above => SandboxPath.IsBelow(path, above))))
            AddWritten(path, closed);
    }

    /// <summary>The openings that are not granted.</summary>
    public IReadOnlyList<SandboxRefusal> Refused => _refused;

    /// <summary>The granted openings, each with the paths that stay hidden in it.</summary>
    public IReadOnlyList<(SandboxGrant Grant, IReadOnlyList<string> Hidden)> Judge() =>
        [.. _policy.Openings.Where(o => !IsOpen(o.Path)).Select(Judge).OfType<(SandboxGrant, IReadOnlyList<string>)>()];

    private (SandboxGrant Grant, IReadOnlyList<string> Hidden)? Judge(SandboxOpening opening)
    {
        var trail = _follow(opening.Path);
        if (trail.Links.Any(link => _written.Any(path => SandboxPath.IsBelow(link, path))))
            return null;

        // A path that is written as part of a hidden path is intended. A directory above a hidden path does not open
        // the hidden path.
        var meant = _hidden.Where(h => h.IsAbove(opening.Path)).ToList();
        if (
            trail.Links.Count > 0
            && _hidden.Except(meant).FirstOrDefault(h => SandboxPath.IsWithin(trail.End, h.End)) is { } secret
        )
        {
            _refused.Add(new SandboxRefusal(opening, trail.End, secret.End));
            return null;
        }

        var above = meant.Select(h => h.End).Where(end => SandboxPath.IsBelow(trail.End, end));
        return (new SandboxGrant(trail.End, opening.Access), [.. _hidden.Select(h => h.End).Except(above)]);
    }

    /// <summary>
    /// Whether scripts can write there without an opening. They cannot write to hidden paths below it.
    /// </summary>
    private bool IsOpen(string written) =>
        _open.Any(path =>
            SandboxPath.IsBelow(written, path)
            && !_hidden.Any(h =>
                h.IsAbove(written) && (SandboxPath.IsWithin(h.End, path) || SandboxPath.IsWithin(h.Path, path))
            )
        );

    private void AddWritten(string path, IReadOnlyList<string> closed)
    {
        var end = _follow(path).End;
        _written.AddRange(end == path ? [path] : [path, end]);
        if (!closed.Contains(end))
            _open.AddRange(end == path ? [path] : [path, end]);
    }
}
