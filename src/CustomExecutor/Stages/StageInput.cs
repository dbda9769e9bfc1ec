using System.Collections;
using CustomExecutor.Core.Job;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host;

namespace CustomExecutor.Stages;

/// <summary>What every stage begins with: the runner's environment, the admin's settings and whose job this is.</summary>
internal sealed record StageInput(RunnerEnvironment Runner, DriverSettings Settings, JobContext Job, Workspace Workspace)
{
    /// <summary>Reads it all.</summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="settingsOption">What <c>--settings</c> says, or null.</param>
    /// <exception cref="DriverException">Anything of it is missing or wrong.</exception>
    public static StageInput Read(RunnerEnvironment runner, string? settingsOption)
    {
        var (attempt, responseFile) = runner.RequireAttempt();
        var settings = SettingsFile.Load(settingsOption, runner.Variables);
        var response = PrivateFiles.Read(responseFile)
            ?? throw new DriverException($"JOB_RESPONSE_FILE names {responseFile}, which does not exist. The runner (14.1 or newer) writes it before each stage.");
        var job = JobContext.From(JobResponse.Parse(response), attempt);
        return new StageInput(runner, settings, job, Workspace.Of(job, settings.Workspace));
    }

    /// <summary>A snapshot of this process's environment.</summary>
    public static RunnerEnvironment OfThisProcess() => new(Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "", StringComparer.Ordinal));
}
