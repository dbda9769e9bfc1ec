using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Builder;

/// <summary>Watches the builder under a script. buildx reports no cause when its builder dies, and hangs when the
/// builder's node is lost.</summary>
/// <param name="input">The stage's input.</param>
/// <param name="record">What prepare has noted.</param>
/// <param name="containers">The containers that the script needs.</param>
/// <param name="connection">How the builder is asked whether it still serves.</param>
/// <param name="log">Where a failure is told.</param>
/// <param name="time">The clock.</param>
internal sealed class BuilderWatch(
    StageInput input,
    AttemptRecord record,
    FollowedContainers containers,
    IBuilderConnection connection,
    StageLog log,
    TimeProvider time
)
{
    /// <summary>Most scripts are over by then, and pay nothing.</summary>
    private static readonly TimeSpan BeforeFirstLook = TimeSpan.FromSeconds(1);

    /// <summary>A builder that is there takes a connection in less than a millisecond.</summary>
    private static readonly TimeSpan ForConnection = TimeSpan.FromSeconds(1);

    /// <summary>For the kubelet to tell what it sees: it looks once a second. A watch that has not begun does so
    /// first.</summary>
    private static readonly TimeSpan ForTheCause = BeforeFirstLook + TimeSpan.FromSeconds(5);

    /// <summary>A script that has failed is over; nobody waits long for a hint.</summary>
    private static readonly TimeSpan ForTheLog = TimeSpan.FromSeconds(2);

    private readonly long _began = time.GetTimestamp();

    /// <summary>The builder's failure, told to the author; null if the script is over before there is one.</summary>
    /// <param name="over">The script has ended.</param>
    public async Task<PodDiagnosis.Failed?> UntilFailed(CancellationToken over)
    {
        try
        {
            await Task.Delay(BeforeFirstLook, time, over);
            using var client = ClusterAccess.Open(input.Settings.Kubernetes, time, log.Admin);
            var failed = await Follow(new BuilderPods(client, record.Namespace, ApiRetries.None(time)), over);
            log.WriteFailure(failed.Message, null);
            return failed;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            // The script does not depend on the driver's own connection, and not on a fault of this watch.
            Record(e, "The builder can't be watched");
            return null;
        }
    }

    /// <summary>Asked when a script has failed: whether it may be for its builder, and if so what became of
    /// that.</summary>
    /// <param name="failing">What <see cref="UntilFailed"/> returned.</param>
    public async Task<PodDiagnosis.Failed?> Cause(Task<PodDiagnosis.Failed?> failing)
    {
        if (failing.IsCompleted && await failing is { } known)
            return known;
        if (await connection.Answers(ForConnection, CancellationToken.None))
        {
            await TellOfKilledStep();
            return null;
        }

        // A watch that was refused tells nothing, and the builder is gone all the same.
        if (await Task.WhenAny(failing, Task.Delay(ForTheCause, time)) == failing && await failing is { } told)
            return told;
        var failed = new PodDiagnosis.Failed(
            $"The builder no longer answers{(record.Endpoint is { } at ? $" at {at}" : "")}, and Kubernetes has "
                + "not said "
                + $"why.\n{Advice.Retry}"
        );
        log.WriteFailure(failed.Message, null);
        return failed;
    }

    private async Task<PodDiagnosis.Failed> Follow(BuilderPods pods, CancellationToken over)
    {
        // The watch gets over what passes as long as the script runs; so must the look before it, or a moment's trouble
        // would leave the builder unwatched.
        var endless = new ApiRetries(null, TimeSpan.MaxValue, time, hasContact: true);
        if (await pods.With(endless).Find(record.Builder, over) is not { } pod)
            return BuilderHistory.Gone(record.Builder, containers);
        await foreach (
            var diagnosis in new BuilderFollower(pods, log, time).Follow(
                pod,
                BuilderPhase.InUse,
                containers,
                (_, end) => connection.Try(end),
                progress: null,
                over
            )
        )
        {
            if (diagnosis is PodDiagnosis.Failed failed)
                return failed;
        }

        throw new OperationCanceledException(over);
    }

    private async Task TellOfKilledStep()
    {
        using var bound = new CancellationTokenSource(ForTheLog, time);
        try
        {
            using var client = ClusterAccess.Open(input.Settings.Kubernetes, time, log.Admin);
            var words = await new BuilderPods(client, record.Namespace, ApiRetries.None(time)).LogTail(
                record.Builder,
                PodManifest.Container,
                time.GetElapsedTime(_began),
                bound.Token
            );
            if (StepKill.Hint(words, input.Settings.Builder.Resources.Limits.GetValueOrDefault("memory")) is { } hint)
                log.WriteToJobLog(hint);
        }
        catch (Exception e)
        {
            Record(e, "The builder's log can't be read");
        }
    }

    private void Record(Exception e, string what)
    {
        if (e is DriverException or OperationCanceledException)
            log.Admin.Warning(e, "{What:l}", what);
        else
            InternalError.Record(e);
    }
}
