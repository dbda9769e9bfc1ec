using System.Globalization;

namespace CustomExecutor.Core.Runner;

/// <summary>The result of a script stage, in the runner's terms.</summary>
/// <param name="ExitCode">The driver's exit code.</param>
/// <param name="ExitCodeFileText">The text for <c>BUILD_EXIT_CODE_FILE</c>; null to write nothing.</param>
public sealed record ScriptResult(int ExitCode, string? ExitCodeFileText)
{
    /// <summary>
    /// The driver must not exit with the script's own code: to the runner, 2 means a system failure and 3 to 255 an
    /// unknown one. For each failed script it exits with <c>BUILD_FAILURE_EXIT_CODE</c> and writes the script's code to
    /// the file, which GitLab uses for <c>allow_failure:exit_codes</c>.
    /// </summary>
    /// <param name="code">The script's exit code, or null if a signal ended it.</param>
    /// <param name="signal">The signal that ended it, or null.</param>
    /// <param name="terminated">
    /// Whether the runner sent SIGTERM. The driver must then not exit with 0, which means success.
    /// </param>
    /// <param name="buildFailureExitCode">The runner's <c>BUILD_FAILURE_EXIT_CODE</c>.</param>
    public static ScriptResult Of(int? code, int? signal, bool terminated, int buildFailureExitCode)
    {
        const int sigterm = 15;
        // Like shells: 128 + the signal's number.
        var status =
            code ?? 128 + signal ?? throw new ArgumentException("A script ends with an exit code or by a signal.");
        if (status == 0 && terminated)
            status = 128 + sigterm;
        // The runner parses the first line with strconv.Atoi, which rejects any space.
        return status == 0
            ? new ScriptResult(0, null)
            : new ScriptResult(buildFailureExitCode, status.ToString(CultureInfo.InvariantCulture) + "\n");
    }
}
