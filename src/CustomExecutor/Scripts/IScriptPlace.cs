using CustomExecutor.Core;

namespace CustomExecutor.Scripts;

/// <summary>Where the scripts of a job run: on the runner's host, or in a container of the job's pod.</summary>
internal interface IScriptPlace
{
    /// <summary>Runs one script to its end. Its output goes to the job log as it comes.</summary>
    /// <param name="script">The runner's script file.</param>
    /// <param name="stage">The script stage's name.</param>
    /// <param name="cancel">The runner has sent SIGTERM: the script is ended, and this returns once it has
    /// ended.</param>
    /// <exception cref="DriverException">The script can't be run, or the job's pod failed under it.</exception>
    Task<ScriptEnding> Run(string script, string stage, CancellationToken cancel);
}

/// <summary>How a script ended: by one of the two, or by a failure that the job log has already.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Signal">The signal that ended it.</param>
/// <param name="Failure">Whose failure it is that the job's pod failed; null if it did not.</param>
internal sealed record ScriptEnding(int? Code, int? Signal, FailureKind? Failure = null);
