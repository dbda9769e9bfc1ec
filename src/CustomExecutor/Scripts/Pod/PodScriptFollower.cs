using System.Security.Cryptography;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Exec;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Starts a script and follows its output to its end, over as many connections as that takes.</summary>
internal sealed class PodScriptFollower(
    PodExec exec,
    PodScriptRequest request,
    Stream output,
    StageLog? log,
    TimeProvider time
)
{
    /// <summary>The shell text writes something every five seconds or so. A connection that is silent for so long is
    /// dead, or its other end is.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly MarkedOutput _output = new(request.Id);
    private readonly PodScriptProgress _progress = new(request.Target.Container);
    private long _lastSign = time.GetTimestamp();
    private int _failures;

    /// <summary>Runs it.</summary>
    /// <param name="over">Nobody waits for the script any more.</param>
    /// <exception cref="DriverException">See <see cref="PodScript.Run"/>.</exception>
    public async Task<PodScriptResult> Run(CancellationToken over)
    {
        while (true)
        {
            try
            {
                var retries = new ApiRetries(log, request.Outage, time, hasContact: true);
                using var begun = await retries.Run(
                    $"run the script in pod {request.Target.Pod}",
                    token => exec.Begin(Input(), token),
                    over
                );
                if (await Follow(begun, over) is { } result)
                    return result;
            }
            catch (ContainerGoneException e)
            {
                return await WithRest(new PodScriptResult.ContainerGone(e.Message), over);
            }

            await BeforeNextTry(over);
        }
    }

    private byte[] Input() =>
        _progress.IsStarted
            ? PodScriptInput.Follow(request.Id, _output.Offset)
            : PodScriptInput.Run(request.Id, request.Script, request.Environment, _output.Offset);

    /// <summary>What one connection brings; null where it ends before the script.</summary>
    private async Task<PodScriptResult?> Follow(BegunExec begun, CancellationToken over)
    {
        _progress.Connected();
        for (var part = begun.First; part is { } next; part = await Read(begun.Session, over))
        {
            if (next.Channel == ExecChannel.Stdout)
            {
                _progress.OutputCame();
                Sign();
                var bytes = _output.Take(next.Bytes.Span);
                await output.WriteAsync(bytes, over);
                if (_output.ExitCode is { } code)
                    return new PodScriptResult.Exited(code);
            }
            else if (next.Channel == ExecChannel.Stderr)
            {
                if (_progress.Take(next.Bytes.Span) is { } result)
                    return await WithRest(result, over);
                if (_progress.IsStarted)
                    Sign();
            }
        }

        return _progress.ResultOf(begun.Session.Status, _output.Offset) is { } ended
            ? await WithRest(ended, over)
            : null;
    }

    /// <summary>What was held back goes out where no more will come.</summary>
    private async Task<PodScriptResult> WithRest(PodScriptResult result, CancellationToken over)
    {
        await output.WriteAsync(_output.Rest(), over);
        return result;
    }

    /// <summary>The next part; null at the stream's end, however that came.</summary>
    private async Task<ExecPart?> Read(ExecSession session, CancellationToken over)
    {
        try
        {
            var read = session.Read(over);
            return read.IsCompleted ? await read : await read.WaitAsync(LongestSilence, over);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            log?.Admin.Warning("The connection to the script broke: {Message}", e.Message);
            return null;
        }
    }

    private void Sign() => (_lastSign, _failures) = (time.GetTimestamp(), 0);

    private async Task BeforeNextTry(CancellationToken over)
    {
        if (time.GetElapsedTime(_lastSign) > request.Outage)
        {
            throw new DriverException(
                $"The script in pod {request.Target.Pod} can't be followed: each connection to it breaks at once. "
                    + $"The container's last words: {_progress.OtherWords}"
            );
        }

        await Task.Delay(RetryPlan.Backoff(++_failures, RandomNumberGenerator.GetInt32(1001) / 1000.0), time, over);
    }
}
