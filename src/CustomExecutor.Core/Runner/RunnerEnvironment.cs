using System.Globalization;

namespace CustomExecutor.Core.Runner;

/// <summary>
/// A snapshot of the driver's environment, read by the runner's rules. Un-prefixed names come from the runner and its
/// service and are trusted; <c>CUSTOM_ENV_*</c> is the pipeline author's and is never used to tell whose job this is.
/// </summary>
/// <param name="Variables">Every variable of the process, by name.</param>
public sealed record RunnerEnvironment(IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The prefix that the runner gives to all job variables.</summary>
    public const string JobVariablePrefix = "CUSTOM_ENV_";

    /// <summary>The exit code that tells the runner of the job's own failure; the runner's value, else 1 as it has
    /// always been.</summary>
    public int BuildFailureExitCode => ExitCode("BUILD_FAILURE_EXIT_CODE", 1);

    /// <summary>The exit code that tells the runner of a failure of ours or the cluster's; the runner's value, else
    /// 2.</summary>
    public int SystemFailureExitCode => ExitCode("SYSTEM_FAILURE_EXIT_CODE", 2);

    /// <summary>Where a script's own exit code goes; null with runners before 17.9.</summary>
    public string? BuildExitCodeFile =>
        Variables.GetValueOrDefault("BUILD_EXIT_CODE_FILE") is { Length: > 0 } path ? path : null;

    /// <summary>The exit code of a failure, by whose it is.</summary>
    public int ExitCodeFor(FailureKind kind) =>
        kind == FailureKind.Build ? BuildFailureExitCode : SystemFailureExitCode;

    /// <summary>The attempt's directory, which the runner makes and removes (its <c>TMPDIR</c>), and the job response
    /// file within it.</summary>
    /// <exception cref="DriverException">One or both are missing or no absolute path: the driver was not started by a
    /// runner.</exception>
    public (string AttemptDirectory, string JobResponseFile) RequireAttempt()
    {
        var mistakes = new List<string>();
        var directory = Require("TMPDIR", mistakes);
        var response = Require("JOB_RESPONSE_FILE", mistakes);
        return mistakes.Count == 0
            ? (directory, response)
            : throw new DriverException(
                string.Join('\n', mistakes)
                    + "\nThe stages are started by GitLab Runner (14.1 or newer); to play one job by hand: "
                    + "custom-executor try"
            );
    }

    /// <summary>A job variable as the author left it, or null. Hostile text.</summary>
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
