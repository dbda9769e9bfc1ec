using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Commands.Try;

/// <summary>
/// One attempt of a job: a new directory, and the stages that use it (<c>executors/custom/custom.go</c> in the runner's
/// source, v19.3).
/// </summary>
internal sealed class PlayedAttempt : IDisposable
{
    private readonly PlayedRunner _runner;
    private readonly PlayedJob _job;
    private readonly DriverCall _driver;
    private string _buildsDirectory = "";

    /// <summary>Creates the attempt's directory and the job response file.</summary>
    /// <param name="runner">The simulated runner.</param>
    /// <param name="job">The job.</param>
    /// <param name="log">Receives the part of the driver's output that the job log would show.</param>
    public PlayedAttempt(PlayedRunner runner, PlayedJob job, Stream log)
    {
        (_runner, _job) = (runner, job);
        _driver = new DriverCall(runner, log);
        PrivateFiles.MakeDirectory(runner.TempRoot);
        Directory = Path.Join(
            runner.TempRoot,
            $"custom-executor{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}"
        );
        PrivateFiles.MakeDirectory(Directory);
        ResponseFile = Path.Join(Directory, "response.json");
        ExitCodeFile = Path.Join(Directory, "build_exit_code");
        PrivateFiles.Write(ResponseFile, job.ToResponse());
    }

    /// <summary>The attempt's directory: the driver's <c>TMPDIR</c> and working directory.</summary>
    public string Directory { get; }

    /// <summary>The job response file.</summary>
    public string ResponseFile { get; }

    /// <summary>The file for a script's own exit code. The driver creates it.</summary>
    public string ExitCodeFile { get; }

    /// <summary>The result of the last call, before the runner interprets it.</summary>
    public DriverCallResult LastCall { get; private set; }

    /// <summary>The runner's <c>builds_dir</c>, after config has reported it.</summary>
    public string BuildsDirectory => _buildsDirectory;

    /// <summary>The directory of the sources.</summary>
    public string ProjectDirectory => PlayedJob.ProjectDirectory(_buildsDirectory);

    /// <summary>The driver's name and version in config's reply: <c>NAME VERSION</c>.</summary>
    public string DriverName { get; private set; } = "";

    /// <summary>config: reads the driver's JSON reply.</summary>
    public async Task<RunnerResult> Config(CancellationToken cancel)
    {
        var result = await Call(["config"], cancel, keepStdout: true);
        if (result.Outcome != RunnerOutcome.Success)
            return result;
        try
        {
            using var reply = JsonDocument.Parse(LastCall.Stdout);
            _buildsDirectory = reply.RootElement.GetProperty("builds_dir").GetString() ?? "";
            var driver = reply.RootElement.GetProperty("driver");
            DriverName = $"{driver.GetProperty("name").GetString()} {driver.GetProperty("version").GetString()}";
            return result;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DriverException($"error while parsing JSON output: {e.Message}", inner: e);
        }
    }

    public Task<RunnerResult> Prepare(CancellationToken cancel) => Call(["prepare"], cancel);

    /// <summary>run: one script stage.</summary>
    /// <param name="stage">Its name, like <c>build_script</c>.</param>
    /// <param name="commands">bash text.</param>
    /// <param name="inProject">Whether the commands run in the project's directory.</param>
    /// <param name="cancel">Cancelled if the job is cancelled or times out.</param>
    public async Task<RunnerResult> Run(string stage, string commands, bool inProject, CancellationToken cancel)
    {
        var directory = Path.Join(Directory, $"script{Path.GetRandomFileName()}");
        PrivateFiles.MakeDirectory(directory);
        var script = Path.Join(directory, "script");
        PrivateFiles.Write(
            script,
            ScriptFile.Text(
                _job.AllVariables(_buildsDirectory),
                inProject ? ProjectDirectory : null,
                Files() + commands
            )
        );
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await RunFile(script, stage, cancel);
    }

    /// <summary>As in the runner's own scripts, each script that gets a variable of type File writes the
    /// file.</summary>
    private string Files() =>
        string.Concat(
            _job.FileVariables.Select(file =>
                $"mkdir -p {ScriptFile.Quote($"{ProjectDirectory}.tmp")}\nprintf %s {ScriptFile.Quote(file.Value)} > "
                + $"{ScriptFile.Quote($"{ProjectDirectory}.tmp/{file.Key}")}\n"
            )
        );

    /// <summary>run: an existing script file.</summary>
    public Task<RunnerResult> RunFile(string script, string stage, CancellationToken cancel) =>
        Call(["run", script, stage], cancel);

    /// <summary>cleanup: a cancellation of the job does not affect it.</summary>
    public Task<RunnerResult> Cleanup() => Call(["cleanup"], CancellationToken.None);

    /// <summary>Removes the attempt's directory, as the runner does after cleanup.</summary>
    public void Dispose() => DirectoryRemoval.Remove(Directory);

    private async Task<RunnerResult> Call(
        IReadOnlyList<string> arguments,
        CancellationToken cancel,
        bool keepStdout = false
    )
    {
        LastCall = await _driver.Run(arguments, Environment(), Directory, keepStdout, cancel);
        return RunnerResult.Of(LastCall.Exit, File.Exists(ExitCodeFile) ? File.ReadAllText(ExitCodeFile) : null);
    }

    /// <summary>
    /// The environment of the runner's service, the runner's five variables, and all job variables with the prefix.
    /// Later ones win.
    /// </summary>
    private Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>(_runner.Environment)
        {
            ["TMPDIR"] = Directory,
            ["JOB_RESPONSE_FILE"] = ResponseFile,
            ["BUILD_EXIT_CODE_FILE"] = ExitCodeFile,
            ["BUILD_FAILURE_EXIT_CODE"] = $"{RunnerResult.BuildFailureExitCode}",
            ["SYSTEM_FAILURE_EXIT_CODE"] = $"{RunnerResult.SystemFailureExitCode}",
        };
        foreach (var (key, value) in _job.AllVariables(_buildsDirectory))
            environment[RunnerEnvironment.JobVariablePrefix + key] = value;
        environment[RunnerEnvironment.JobVariablePrefix + "CI_JOB_SERVICES"] = "";
        return environment;
    }
}
