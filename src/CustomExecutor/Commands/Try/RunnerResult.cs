using System.Globalization;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Commands.Try;

/// <summary>The runner's result of a driver call.</summary>
internal enum RunnerOutcome
{
    Success,

    /// <summary><c>script_failure</c>: the job itself failed.</summary>
    BuildFailure,

    /// <summary><c>runner_system_failure</c>: prepare is tried again.</summary>
    SystemFailure,
}

/// <summary>
/// The runner's interpretation of a driver's exit status (<c>executors/custom/command/command.go</c> in its source,
/// v19.3).
/// </summary>
/// <param name="Outcome">The outcome for the job.</param>
/// <param name="ExitCode">
/// The exit code that GitLab gets for <c>allow_failure:exit_codes</c>; only for a build failure.
/// </param>
internal readonly record struct RunnerResult(RunnerOutcome Outcome, int? ExitCode)
{
    public const int BuildFailureExitCode = 1;

    public const int SystemFailureExitCode = 2;

    /// <summary>Interprets one call.</summary>
    /// <param name="exit">How the driver ended.</param>
    /// <param name="exitCodeFile">The text of <c>BUILD_EXIT_CODE_FILE</c>; null if there is none.</param>
    public static RunnerResult Of(ChildExit exit, string? exitCodeFile) =>
        exit.Code switch
        {
            0 => new(RunnerOutcome.Success, null),
            BuildFailureExitCode when exitCodeFile is null => new(RunnerOutcome.BuildFailure, BuildFailureExitCode),
            // Go's scanner removes the line break; strconv.Atoi then rejects any space.
            BuildFailureExitCode
                when int.TryParse(
                    FirstLine(exitCodeFile),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var code
                ) => new(RunnerOutcome.BuildFailure, code),
            _ => new(RunnerOutcome.SystemFailure, null),
        };

    private static string FirstLine(string text)
    {
        var line = text.Split('\n')[0];
        return line.EndsWith('\r') ? line[..^1] : line;
    }
}
