using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Builder;

/// <summary>Watches the builder under a script. buildx reports no cause when its builder dies, and hangs when the
/// builder's node is lost.</summary>
internal sealed class BuilderWatch(StageInput input, AttemptRecord record, StageLog log)
{
    /// <summary>Most scripts are over by then, and pay nothing.</summary>
    private static readonly TimeSpan BeforeFirstLook = TimeSpan.FromSeconds(1);

    /// <summary>A builder that is there takes a connection in less than a millisecond.</summary>
    private static readonly TimeSpan ForConnection = TimeSpan.FromSeconds(1);

    /// <summary>One whose node is in trouble may need the second or third packet: TCP sends them after 1 and 3
    /// s.</summary>
    private static readonly TimeSpan ForALostNode = TimeSpan.FromSeconds(5);

    /// <summary>For the kubelet to tell what it sees: it looks once a second.</summary>
    private static readonly TimeSpan ForTheCause = TimeSpan.FromSeconds(5);

    /// <summary>A script that has failed is over; nobody waits long for a hint.</summary>
    private static readonly TimeSpan ForTheLog = TimeSpan.FromSeconds(2);

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource _doubt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The builder's failure, told to the author; null if the script is over before there is one.</summary>
    /// <param name="over">The script has ended.</param>
    public async Task<PodDiagnosis.Failed?> UntilFailed(CancellationToken over)
    {
        try
        {
            await Task.WhenAny(Task.Delay(BeforeFirstLook, over), _doubt.Task);
            over.ThrowIfCancellationRequested();
            using var client = ClusterAccess.Open(input.Settings.Kubernetes, log.Admin);
            var pods = new BuilderPods(client, record.Namespace);
            // The watch gets over what passes as long as the script runs; so must the look before it, or a moment's
            // trouble would leave the builder unwatched.
            var failed = await pods.With(new ApiRetries(null, TimeSpan.MaxValue, hasContact: true))
                .Find(record.Builder, over)
                is { } pod
                ? await new BuilderObserver(
                    pods,
                    log,
                    BuilderPhase.InUse,
                    new PrepareTimings(),
                    end => Answers(ForALostNode, end)
                ).UntilFailed(pod, _ => { }, over)
                : Gone();
            if (failed is not null)
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
            if (e is DriverException)
                log.Admin.Warning(e, "The builder can't be watched");
            else
                InternalError.Record(e);
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
        if (await Answers(ForConnection, CancellationToken.None))
        {
            await TellOfKilledStep();
            return null;
        }

        _doubt.TrySetResult();
        // A watch that was refused tells nothing, and the builder is gone all the same.
        if (await Task.WhenAny(failing, Task.Delay(ForTheCause)) == failing && await failing is { } told)
            return told;
        var failed = new PodDiagnosis.Failed(
            $"The builder no longer answers at {record.Endpoint}, and Kubernetes has not said why.\n{Advice.Retry}"
        );
        log.WriteFailure(failed.Message, null);
        return failed;
    }

    private async Task TellOfKilledStep()
    {
        using var bound = new CancellationTokenSource(ForTheLog);
        try
        {
            using var client = ClusterAccess.Open(input.Settings.Kubernetes, log.Admin);
            var words = await new BuilderPods(client, record.Namespace).LogTail(
                record.Builder,
                Stopwatch.GetElapsedTime(_began),
                bound.Token
            );
            if (StepKill.Hint(words, input.Settings.Builder.Resources.Limits.GetValueOrDefault("memory")) is { } hint)
                log.WriteToJobLog(hint);
        }
        catch (Exception e)
        {
            if (e is DriverException or OperationCanceledException)
                log.Admin.Warning(e, "The builder's log can't be read");
            else
                InternalError.Record(e);
        }
    }

    private async Task<bool> Answers(TimeSpan time, CancellationToken cancel)
    {
        if (!IPEndPoint.TryParse(record.Endpoint ?? "", out var endpoint))
            return true;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bound.CancelAfter(time);
        using var socket = TryOpen(endpoint.AddressFamily);
        // A driver that can't open a socket (no descriptor is left) knows nothing of the builder.
        if (socket is null)
            return true;
        try
        {
            await socket.ConnectAsync(endpoint, bound.Token);
            return true;
        }
        catch (Exception e)
            when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    private Socket? TryOpen(AddressFamily family)
    {
        try
        {
            return new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException e)
        {
            log.Admin.Warning(e, "The builder can't be dialled");
            return null;
        }
    }

    private PodDiagnosis.Failed? Gone() =>
        new BuilderHistory(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = record.Builder },
                Spec = new V1PodSpec(),
            },
            BuilderPhase.InUse
        ).AfterItWasGone(TimeSpan.Zero) as PodDiagnosis.Failed;
}
