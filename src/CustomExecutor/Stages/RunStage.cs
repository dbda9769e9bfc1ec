using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Scripts;
using CustomExecutor.Scripts.Pod;

namespace CustomExecutor.Stages;

/// <summary>run: executes one of the job's scripts with the job's builder as buildx's own.</summary>
internal sealed class RunStage(StageInput input, StageLog log, TimeProvider time)
{
    /// <summary>Runs the script and tells the runner how it ended.</summary>
    /// <param name="script">The runner's script file.</param>
    /// <param name="stage">The script stage's name.</param>
    /// <param name="cancel">The runner has sent SIGTERM.</param>
    /// <exception cref="DriverException">The attempt was not prepared, or the script can't be run.</exception>
    public async Task<int> Run(string script, string stage, CancellationToken cancel)
    {
        Reset(input.Runner.BuildExitCodeFile);
        var record = ReadRecord(input.Job);
        if (!File.Exists(script))
        {
            throw new DriverException(
                $"The script {DisplayText.Of(script)} does not exist: run is called as 'run SCRIPT STAGE' by the "
                    + "runner."
            );
        }

        IScriptPlace place = record.Pod is { } pod
            ? new PodScripts(input, record, pod, log, time)
            : new HostScripts(input, record, log, time);
        var ending = await place.Run(script, stage, cancel);
        if (ending.Failure == FailureKind.System)
            return input.Runner.SystemFailureExitCode;

        var result = ScriptResult.Of(
            ending.Code,
            ending.Signal,
            cancel.IsCancellationRequested,
            input.Runner.BuildFailureExitCode
        );
        if (result.ExitCodeFileText is { } text && input.Runner.BuildExitCodeFile is { } file)
            PrivateFiles.Write(file, text);
        return result.ExitCode;
    }

    /// <summary>The runner does not reset it: an earlier stage's code would be told as this one's.</summary>
    private static void Reset(string? exitCodeFile)
    {
        if (exitCodeFile is null)
            return;
        try
        {
            File.Delete(exitCodeFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(
                $"The last script's exit code {exitCodeFile} can't be removed: {DisplayText.Of(e.Message)}",
                inner: e
            );
        }
    }

    private static AttemptRecord ReadRecord(JobContext job)
    {
        var record =
            StateFile.Read(job.Paths, job.JobId)
            ?? throw new DriverException(
                $"This attempt was not prepared: {job.Paths.StateFile} does not exist. Is prepare_exec set in "
                    + "config.toml?"
            );
        return record.Ready
            ? record
            : throw new DriverException("This attempt's prepare did not finish: it has no builder.");
    }
}
