using System.Globalization;

namespace CustomExecutor.Core.Runner;

/// <summary>
/// A snapshot of the driver's environment, read by the runner's rules. Names without a prefix come from the runner and
/// its service and are trusted. <c>CUSTOM_ENV_*</c> comes from the pipeline's author and never identifies the job.
/// </summary>
/// <param name="Variables">All variables of the process, by name.</param>
public sealed record RunnerEnvironment(IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The prefix that the runner adds to all job variables.</summary>
    public const string JobVariablePrefix = "CUSTOM_ENV_";

    /// <summary>The exit code for a failure of the job itself: the runner's value, otherwise 1.</summary>
    public int BuildFailureExitCode => ExitCode("BUILD_FAILURE_EXIT_CODE", 1);

    /// <summary>The exit code for a failure of the driver or the cluster: the runner's value, otherwise 2.</summary>
    public int SystemFailureExitCode => ExitCode("SYSTEM_FAILURE_EXIT_CODE", 2);

    /// <summary>The file for a script's own exit code; null with runners before 17.9.</summary>
    public string? BuildExitCodeFile =>
        Variables.GetValueOrDefault("BUILD_EXIT_CODE_FILE") is { Length: > 0 } path ? path : null;

    /// <summary>The exit code for a kind of failure.</summary>
    public int ExitCodeFor(FailureKind kind) =>
        kind == FailureKind.Build ? BuildFailureExitCode : SystemFailureExitCode;

    /// <summary>
    /// The attempt's directory, which the runner creates and removes (<c>TMPDIR</c>), and the job response file in it.
    /// </summary>
    /// <exception cref="DriverException">
    /// One or both are missing or not absolute paths: no runner started the driver.
    /// </exception>
    public (string AttemptDirectory, string JobResponseFile) RequireAttempt()
    {
        var mistakes = new List<string>();
        var directory = Require("TMPDIR", mistakes);
        var response = Require("JOB_RESPONSE_FILE", mistakes);
        return mistakes.Count == 0
            ? (directory, response)
            : throw new DriverException(
                string.Join('\n', mistakes)
                    + "\nGitLab Runner (14.1 or newer) starts the stages. To run a job by hand, use: "
                    + "custom-executor try"
            );
    }

    /// <summary>A job variable as the author set it, or null. Hostile text.</summary>
    public string? JobVariable(string name) => Variables.GetValueOrDefault(JobVariablePrefix + name);

    private string Require(string name, List<string> mistakes)
    {
        var value = Variables.GetValueOrDefault(name, "");
        if (value.Length == 0)
            mistakes.Add($"{name} is not set.");
        else if (!Path.IsPathFullyQualified(value))
            mistakes.Add($"{name} is '{DisplayText.Of(value)}', not an absolute path.");
        return value;
    }

    private int ExitCode(string name, int otherwise) =>
        int.TryParse(Variables.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        && code is > 0 and < 256
            ? code
            : otherwise;
}
