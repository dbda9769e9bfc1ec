using System.Collections;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Attempt;

/// <summary>What every stage begins with: the runner's environment, the admin's settings and whose job this
/// is.</summary>
internal sealed record StageInput(
    RunnerEnvironment Runner,
    DriverSettings Settings,
    JobContext Job,
    Workspace Workspace
)
{
    /// <summary>The settings' file as an absolute path; null for the built-in defaults.</summary>
    public string? SettingsFile { get; init; }

    /// <summary>Reads it all.</summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="settingsOption">What <c>--settings</c> says, or null.</param>
    /// <exception cref="DriverException">Anything of it is missing or wrong.</exception>
    public static StageInput Read(RunnerEnvironment runner, string? settingsOption)
    {
        // Before the job: a runner that is not set up well is told of its settings first.
        runner.RequireAttempt();
        var file = AdminFile.Find(settingsOption, runner.Variables);
        var settings = AdminFile.Read(file);
        var job = ReadJob(runner);
        return new StageInput(runner, settings, job, Workspace.Of(job, settings.Workspace, settings.Instance))
        {
            SettingsFile = file is var (path, _) ? Path.GetFullPath(path) : null,
        };
    }

    /// <summary>Reads whose job this is.</summary>
    /// <exception cref="DriverException">The runner does not say.</exception>
    public static JobContext ReadJob(RunnerEnvironment runner)
    {
        var (attempt, responseFile) = runner.RequireAttempt();
        var response =
            PrivateFiles.Read(responseFile)
            ?? throw new DriverException(
                $"JOB_RESPONSE_FILE names {responseFile}, which does not exist. The runner (14.1 or newer) writes "
                    + "it before each stage."
            );
        return JobContext.From(JobResponse.Parse(response), attempt);
    }

    /// <summary>A snapshot of this process's environment.</summary>
    public static RunnerEnvironment OfThisProcess() =>
        new(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "", StringComparer.Ordinal)
        );
}
