using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Scripts;

/// <summary>
/// How a script comes to its end: by itself, by the runner, or because its builder failed. A runner that is gone is
/// noticed by <see cref="Termination"/>, which signals and cancels as the runner would.
/// </summary>
/// <param name="script">The running script.</param>
/// <param name="grace">From SIGTERM to SIGKILL.</param>
/// <param name="time">The clock.</param>
internal sealed class ScriptEnd(ScriptProcess script, TimeSpan grace, TimeProvider time)
{
    /// <summary>For a script to find out by itself that its builder is gone, and to say so in its own way.</summary>
    private static readonly TimeSpan GraceWithoutBuilder = TimeSpan.FromSeconds(10);

    /// <summary>Waits for the end, and brings it about where the script may not go on.</summary>
    /// <param name="failing">The builder's failure, once there is one; null if nobody watches the builder.</param>
    /// <param name="cancel">The runner has sent SIGTERM to all processes of the job.</param>
    public async Task<ChildExit> Wait(Task<PodDiagnosis.Failed?> failing, CancellationToken cancel)
    {
        var (cancelled, failed) = (Task.Delay(Timeout.InfiniteTimeSpan, time, cancel), Failed(failing));
        var first = await Task.WhenAny(script.Exit, cancelled, failed);
        return first == cancelled ? await AfterCancellation()
            : first == failed ? await AfterBuilderFailed(cancelled)
            : await script.Exit;
    }

    /// <summary>The script has had the runner's SIGTERM. The runner's own SIGKILL would come later, end this process as
    /// well, and miss whoever left the process group.</summary>
    private Task<ChildExit> AfterCancellation() => AfterTerminate();

    private async Task<ChildExit> AfterBuilderFailed(Task cancelled)
    {
        await Task.WhenAny(script.Exit, cancelled, Task.Delay(GraceWithoutBuilder, time));
        if (!script.Exit.IsCompleted)
            script.SignalAll(ChildProcessSignal.Terminate);
        return await AfterTerminate();
    }

    private async Task<ChildExit> AfterTerminate()
    {
        await Task.WhenAny(script.Exit, Task.Delay(grace, time));
        script.Kill();
        return await script.Exit;
    }

    /// <summary>A watch that ended without a failure ends no script.</summary>
    private async Task Failed(Task<PodDiagnosis.Failed?> failing)
    {
        if (await failing is null)
            await script.Exit;
    }
}
