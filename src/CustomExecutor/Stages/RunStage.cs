using CustomExecutor.Core.Job;
using CustomExecutor.Core.Script;
using CustomExecutor.Host;

namespace CustomExecutor.Stages;

/// <summary>run: executes one of the job's scripts with the job's builder as buildx's own.</summary>
internal static class RunStage
{
    /// <summary>For a background process to end in its own way once the script is over.</summary>
    private static readonly TimeSpan GraceForLeftBehind = TimeSpan.FromSeconds(1);

    /// <summary>Runs the script and tells the runner how it ended.</summary>
    /// <param name="input">Whose job it is.</param>
    /// <param name="log">The stage's log.</param>
    /// <param name="script">The runner's script file.</param>
    /// <param name="cancel">The runner has sent SIGTERM; the script has had it too and ends in its own way.</param>
    /// <exception cref="DriverException">The attempt was not prepared, or bash can't be started.</exception>
    public static async Task<int> Run(StageInput input, StageLog log, string script, CancellationToken cancel)
    {
        Reset(input.Runner.BuildExitCodeFile);
        var state = ReadState(input.Job);
        if (!File.Exists(script)) throw new DriverException($"The script {DisplayText.Of(script)} does not exist: run is called as 'run SCRIPT STAGE' by the runner.");

        var environment = ScriptEnvironment.Create(input.Runner, input.Settings.Script, input.Job.Paths, state.Builder);
        Descendants.Adopt();
        using var child = ChildProcess.Start(new ChildProcessStart("bash", [script], environment)
        {
            WorkingDirectory = input.Workspace.Directory,
            InheritStandardInput = true,
        });
        var exit = await End(child, TimeSpan.FromSeconds(input.Settings.Script.TerminationGraceSeconds), cancel);
        var left = await Descendants.End(cancel.IsCancellationRequested ? TimeSpan.Zero : GraceForLeftBehind);
        if (left.Count > 0) log.Tell($"Ended what the script left running: {DisplayText.Of(string.Join(", ", left))}");

        var verdict = ScriptVerdict.Of(exit.Code, exit.Signal, cancel.IsCancellationRequested, input.Runner.BuildFailureExitCode);
        if (verdict.ExitCodeFileText is { } text && input.Runner.BuildExitCodeFile is { } file) PrivateFiles.Write(file, text);
        return verdict.ExitCode;
    }

    /// <summary>The script's end; after the runner's SIGTERM within the grace, or by SIGKILL.</summary>
    private static async Task<ChildExit> End(ChildProcess child, TimeSpan grace, CancellationToken cancel)
    {
        try
        {
            return await child.Exit.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The runner's own SIGKILL would come later, end this process as well, and miss whoever left the process group.
            await Task.WhenAny(child.Exit, Task.Delay(grace, CancellationToken.None));
            child.Signal(ChildProcessSignal.Kill);
            return await child.Exit;
        }
    }

    /// <summary>The runner does not reset it: an earlier stage's code would be told as this one's.</summary>
    private static void Reset(string? exitCodeFile)
    {
        if (exitCodeFile is null) return;
        try
        {
            File.Delete(exitCodeFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"The last script's exit code {exitCodeFile} can't be removed: {DisplayText.Of(e.Message)}", inner: e);
        }
    }

    private static AttemptState ReadState(JobContext job)
    {
        var path = job.Paths.StateFile;
        var text = PrivateFiles.Read(path) ?? throw new DriverException($"This attempt was not prepared: {path} does not exist. Is prepare_exec set in config.toml?");
        var state = AttemptState.Parse(text, path, job.JobId);
        return state.Ready ? state : throw new DriverException("This attempt's prepare did not finish: it has no builder.");
    }
}
