using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Host.Logging;

namespace CustomExecutor.Kubernetes;

/// <summary>
/// What is told while API calls fail and are tried again: the admin's log gets every try, the author one line once it
/// takes long enough to be noticed.
/// </summary>
internal sealed class ApiOutage(StageLog? log, TimeProvider time)
{
    private static readonly TimeSpan NoticedAfter = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private long? _since;
    private bool _told;

    /// <summary>What the last try met, while no other has succeeded since.</summary>
    public ApiFault? Fault { get; private set; }

    /// <summary>A try has failed.</summary>
    /// <param name="fault">How.</param>
    /// <param name="doing">What was tried.</param>
    /// <param name="tries">How often it has been tried so far.</param>
    /// <param name="delay">When it is tried again.</param>
    public void Failed(ApiFault fault, string doing, int tries, TimeSpan delay)
    {
        log?.Admin.Warning(
            "Try {Tries} to {Doing} failed: {Fault}; the next follows in {Delay} ms",
            tries,
            doing,
            fault.Text,
            (long)delay.TotalMilliseconds
        );
        lock (_lock)
        {
            Fault = fault;
            _since ??= time.GetTimestamp();
            // A try that was not answered has itself taken long enough.
            var noticed =
                fault.Kind == ApiFaultKind.Silent || time.GetElapsedTime(_since.Value) + delay >= NoticedAfter;
            if (_told || !noticed)
                return;
            _told = true;
        }

        log?.WriteToJobLog($"The Kubernetes API is not answering ({fault.Text}), trying again");
    }

    /// <summary>A try has succeeded.</summary>
    public void Over()
    {
        lock (_lock)
            (_since, _told, Fault) = (null, false, null);
    }
}
