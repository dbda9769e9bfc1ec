namespace CustomExecutor.Commands.Try;

/// <summary>The simulated runner: the content of its config.toml and its service's environment.</summary>
internal sealed record PlayedRunner
{
    /// <summary>The driver's program (<c>prepare_exec</c> and similar).</summary>
    public required string Driver { get; init; }

    /// <summary>The arguments before the stage's name in each call (<c>prepare_args</c> and similar).</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The environment of the runner's service; the driver inherits all of it.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The directory in which the runner creates its attempts' directories.</summary>
    public required string TempRoot { get; init; }

    /// <summary><c>graceful_kill_timeout</c>: the time between SIGTERM and SIGKILL.</summary>
    public TimeSpan GracefulKillTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>force_kill_timeout</c>: the time between SIGKILL and giving up on the call.</summary>
    public TimeSpan ForceKillTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two attempts to prepare.</summary>
    public TimeSpan BetweenAttempts { get; init; } = TimeSpan.FromSeconds(3);
}
