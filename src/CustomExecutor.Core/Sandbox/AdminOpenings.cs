namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// What the admin opens, judged by the paths as they are written. A link counts only where no script can have put it:
/// in a place where scripts write, one may replace a directory by a link to another job's files, and the next script
/// would be granted those.
/// </summary>
internal sealed class AdminOpenings
{
    private readonly SandboxPolicy _policy;
    private readonly IReadOnlyList<HiddenPath> _hidden;
    private readonly Func<string, PathTrail> _follow;
    private readonly List<SandboxRefusal> _refused = [];

    /// <summary>Where scripts, or other users of the host, may put links.</summary>
    private readonly List<string> _written = [];

    /// <summary>What of that is open to scripts anyway.</summary>
    private readonly List<string> _open = [];

    /// <param name="policy">The policy.</param>
    /// <param name="hidden">What it hides.</param>
    /// <param name="closed">Directories in which everybody may write and no script.</param>
    /// <param name="follow">Where a path leads.</param>
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

    /// <summary>What is not granted.</summary>
    public IReadOnlyList<SandboxRefusal> Refused => _refused;

    /// <summary>What is granted, each with what stays hidden in it.</summary>
    public IReadOnlyList<(SandboxGrant Grant, IReadOnlyList<string> Hidden)> Judge() =>
        [.. _policy.Openings.Where(o => !IsOpen(o.Path)).Select(Judge).OfType<(SandboxGrant, IReadOnlyList<string>)>()];

    private (SandboxGrant Grant, IReadOnlyList<string> Hidden)? Judge(SandboxOpening opening)
    {
        var trail = _follow(opening.Path);
        if (trail.Links.Any(link => _written.Any(path => SandboxPath.IsBelow(link, path))))
            return null;

        // What is written as a part of something hidden is meant. A directory above something hidden does not open
        // that.
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

    /// <summary>Whether scripts may write there without an opening: not in what is hidden below.</summary>
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
