namespace CustomExecutor.Core;

/// <summary>Whose failure ends a stage; it decides the exit code and so what <c>retry: when:</c> sees.</summary>
public enum FailureKind
{
    /// <summary>The job's own: <c>script_failure</c>, never retried by the runner.</summary>
    Build,

    /// <summary>Ours or the cluster's: <c>runner_system_failure</c>.</summary>
    System,
}

/// <summary>A failure that is told to a person in full sentences; it needs no stack trace.</summary>
public sealed class DriverException : Exception
{
    /// <param name="message">What happened, with the key, the value and the remedy; one problem a line.</param>
    /// <param name="kind">Whose failure it is.</param>
    /// <param name="inner">What was caught, for the admin's log.</param>
    public DriverException(string message, FailureKind kind = FailureKind.System, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>Whose failure it is.</summary>
    public FailureKind Kind { get; }
}
