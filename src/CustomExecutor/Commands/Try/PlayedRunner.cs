namespace CustomExecutor.Commands.Try;

/// <summary>The runner that is played: what its config.toml and its service's environment would say.</summary>
internal sealed record PlayedRunner
{
    /// <summary>The driver's program (<c>prepare_exec</c> and its siblings).</summary>
    public required string Driver { get; init; }

    /// <summary>What comes before the stage's name in each call (<c>prepare_args</c> and its siblings).</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The environment of the runner's service; the driver inherits all of it.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where the runner makes its attempts' directories.</summary>
    public required string TempRoot { get; init; }

    /// <summary><c>graceful_kill_timeout</c>: from SIGTERM to SIGKILL.</summary>
    public TimeSpan GracefulKillTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>force_kill_timeout</c>: from SIGKILL until the call is given up.</summary>
    public TimeSpan ForceKillTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two attempts to prepare.</summary>
    public TimeSpan BetweenAttempts { get; init; } = TimeSpan.FromSeconds(3);
}
