using System.Globalization;

namespace CustomExecutor.Core.Runner;

/// <summary>How a script stage ended, in the runner's terms.</summary>
/// <param name="ExitCode">What the driver exits with.</param>
/// <param name="ExitCodeFileText">What goes to <c>BUILD_EXIT_CODE_FILE</c>; null for nothing.</param>
public sealed record ScriptResult(int ExitCode, string? ExitCodeFileText)
{
    /// <summary>
    /// Passing a script's status through would be wrong: the runner takes 2 for a system failure and 3 to 255 for an
    /// unknown one. Every failed script is exit <c>BUILD_FAILURE_EXIT_CODE</c> with the true code in the file, from
    /// which GitLab serves <c>allow_failure:exit_codes</c>.
    /// </summary>
    /// <param name="code">The script's exit code, or null when a signal ended it.</param>
    /// <param name="signal">The signal that ended it, or null.</param>
    /// <param name="terminated">Whether the runner sent SIGTERM meanwhile: exit 0 would then mean success.</param>
    /// <param name="buildFailureExitCode">The runner's <c>BUILD_FAILURE_EXIT_CODE</c>.</param>
    public static ScriptResult Of(int? code, int? signal, bool terminated, int buildFailureExitCode)
    {
        const int sigterm = 15;
        // As shells do: 128 + the signal's number.
        var status =
            code ?? 128 + signal ?? throw new ArgumentException("A script ends by an exit code or by a signal.");
        if (status == 0 && terminated)
            status = 128 + sigterm;
        // The runner parses the first line with strconv.Atoi, which forgives no blank.
        return status == 0
            ? new ScriptResult(0, null)
            : new ScriptResult(buildFailureExitCode, status.ToString(CultureInfo.InvariantCulture) + "\n");
    }
}
