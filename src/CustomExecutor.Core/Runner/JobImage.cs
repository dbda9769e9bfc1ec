namespace CustomExecutor.Core.Runner;

/// <summary>An image that the author names (<c>spec.Image</c> in GitLab Runner's source). Hostile text.</summary>
/// <param name="Name">The image's reference, with variables expanded by the runner.</param>
/// <param name="Alias">A service's host names, separated by blanks or commas.</param>
public sealed record JobImage(string? Name, string? Alias = null)
{
    /// <summary>What a service runs instead of its image's entry point.</summary>
    public IReadOnlyList<string?>? Entrypoint { get; init; }

    /// <summary>What a service's entry point gets instead of its image's arguments.</summary>
    public IReadOnlyList<string?>? Command { get; init; }

    /// <summary>A service's own variables, which may name the job's.</summary>
    public IReadOnlyList<JobVariable?>? Variables { get; init; }

    /// <summary>GitLab's words: <c>always</c>, <c>if-not-present</c>, <c>never</c>; the first that works.</summary>
    public IReadOnlyList<string?>? PullPolicy { get; init; }

    /// <summary>What concerns one executor.</summary>
    public JobImageOptions? ExecutorOpts { get; init; }

    /// <summary>A service's host names.</summary>
    public IReadOnlyList<string> Aliases =>
        (Alias ?? "").Split((char[])[' ', ',', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>An image's options by executor.</summary>
public sealed record JobImageOptions(JobImageOption? Docker, JobImageOption? Kubernetes);

/// <summary>One executor's options: <c>User</c> is a number or name, with a group's behind a colon perhaps,
/// <c>Platform</c> what Docker calls so.</summary>
public sealed record JobImageOption(string? User, string? Platform = null);
