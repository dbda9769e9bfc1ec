using System.Collections;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;

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
    public string? AdminFile { get; init; }

    /// <summary>Reads it all.</summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="settingsOption">What <c>--settings</c> says, or null.</param>
    /// <exception cref="DriverException">Anything of it is missing or wrong.</exception>
    public static StageInput Read(RunnerEnvironment runner, string? settingsOption)
    {
        // Before the job: a runner that is not set up well is told of its settings first.
        runner.RequireAttempt();
        var settings = Host.Files.AdminFile.Load(settingsOption, runner.Variables);
        return Of(runner, settings, ReadJob(runner)) with
        {
            AdminFile = Host.Files.AdminFile.Find(settingsOption, runner.Variables) is var (path, _)
                ? Path.GetFullPath(path)
                : null,
        };
    }

    /// <summary>Reads it for cleanup: settings that can't be read any more are made good by what prepare has kept of
    /// them.</summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="settingsOption">What <c>--settings</c> says, or null.</param>
    /// <exception cref="DriverException">Anything of it is missing or wrong.</exception>
    public static StageInput ReadForCleanup(RunnerEnvironment runner, string? settingsOption)
    {
        try
        {
            return Read(runner, settingsOption);
        }
        catch (Exception e) when (Kept(runner) is var (job, settings))
        {
            JobLogSink.Write(
                $"Warning: {InternalError.Expected(e).Message}\nCleanup goes by the settings that prepare has used."
            );
            return Of(runner, settings, job);
        }
    }

    private static (JobContext Job, DriverSettings Settings)? Kept(RunnerEnvironment runner)
    {
        try
        {
            var job = ReadJob(runner);
            if (PrivateFiles.Read(job.Paths.StateFile) is not { } text)
                return null;
            var state = AttemptState.Parse(text, job.Paths.StateFile, job.JobId);
            return state.Kept is { } kept ? (job, kept.ToSettings(state.Namespace)) : null;
        }
        catch (Exception)
        {
            return null; // What was wrong at first is told.
        }
    }

    private static StageInput Of(RunnerEnvironment runner, DriverSettings settings, JobContext job) =>
        new(runner, settings, job, Workspace.Of(job, settings.Workspace, settings.Instance));

    private static JobContext ReadJob(RunnerEnvironment runner)
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
