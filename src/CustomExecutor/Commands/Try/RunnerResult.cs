using System.Globalization;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Commands.Try;

/// <summary>What the runner makes of a call of the driver.</summary>
internal enum RunnerOutcome
{
    Success,

    /// <summary><c>script_failure</c>: the job failed by itself.</summary>
    BuildFailure,

    /// <summary><c>runner_system_failure</c>: prepare is tried again.</summary>
    SystemFailure,
}

/// <summary>The runner's reading of a driver's exit status (<c>executors/custom/command/command.go</c> in its source,
/// v19.3).</summary>
/// <param name="Outcome">What becomes of the job.</param>
/// <param name="ExitCode">The code that GitLab is told for <c>allow_failure:exit_codes</c>; only with a build
/// failure.</param>
internal readonly record struct RunnerResult(RunnerOutcome Outcome, int? ExitCode)
{
    public const int BuildFailureExitCode = 1;

    public const int SystemFailureExitCode = 2;

    /// <summary>Judges one call.</summary>
    /// <param name="exit">How the driver ended.</param>
    /// <param name="exitCodeFile">The text of <c>BUILD_EXIT_CODE_FILE</c>; null if there is none.</param>
    public static RunnerResult Of(ChildExit exit, string? exitCodeFile) =>
        exit.Code switch
        {
            0 => new(RunnerOutcome.Success, null),
            BuildFailureExitCode when exitCodeFile is null => new(RunnerOutcome.BuildFailure, BuildFailureExitCode),
            // Go's scanner drops the line's end; strconv.Atoi then forgives no blank.
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
