using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>
/// Collects what is told of one builder, and so knows how long it waits for what. The pod and its events may be
/// followed side by side; every time is handed in, from one clock of the caller's.
/// </summary>
public sealed class BuilderHistory(V1Pod created, BuilderPhase phase)
{
    /// <summary>More are never needed; an event that is repeated is one.</summary>
    private const int MostEvents = 100;

    private readonly Lock _lock = new();
    private readonly List<Corev1Event> _events = [];
    private PodObservation _seen = new(created) { Phase = phase };
    private PodWait _wait;
    private TimeSpan _waitBegan;
    private bool _begun;

    /// <summary>The diagnosis after a new state of the pod.</summary>
    public PodDiagnosis After(V1Pod pod, TimeSpan at)
    {
        lock (_lock)
        {
            _seen = _seen with { Pod = pod };
            return Judge(at);
        }
    }

    /// <summary>The diagnosis after a new event, or a repeated one.</summary>
    public PodDiagnosis After(Corev1Event happened, TimeSpan at)
    {
        lock (_lock)
        {
            _events.RemoveAll(e => e.Metadata?.Uid is { } uid && uid == happened.Metadata?.Uid);
            _events.Add(happened);
            if (_events.Count > MostEvents)
                _events.RemoveAt(0);
            _seen = _seen with { Events = [.. _events] };
            return Judge(at);
        }
    }

    /// <summary>The diagnosis on a pod that is no longer in the cluster.</summary>
    public PodDiagnosis AfterItWasGone(TimeSpan at)
    {
        lock (_lock)
        {
            _seen = _seen with { IsGone = true };
            return Judge(at);
        }
    }

    /// <summary>The diagnosis with the end of buildkitd's log.</summary>
    public PodDiagnosis AfterItsLog(string? log, TimeSpan at)
    {
        lock (_lock)
        {
            _seen = _seen with { Log = log };
            return Judge(at);
        }
    }

    /// <summary>The diagnosis once it is known whether the builder still takes connections.</summary>
    public PodDiagnosis AfterAConnection(bool answers, TimeSpan at)
    {
        lock (_lock)
        {
            _seen = _seen with { Answers = answers };
            return Judge(at);
        }
    }

    /// <summary>The diagnosis when nothing but time has passed.</summary>
    public PodDiagnosis At(TimeSpan at)
    {
        lock (_lock)
            return Judge(at);
    }

    /// <summary>Whether buildkitd ran and ended, so that it has left a log.</summary>
    public bool HasLog
    {
        get
        {
            lock (_lock)
                return _seen is { IsGone: false, HasEnded: true };
        }
    }

    /// <summary>Whether the next diagnosis hangs on whether the builder still takes connections.</summary>
    public bool HangsOnAnswer
    {
        get
        {
            lock (_lock)
                return NodeLoss.HangsOnAnswer(_seen);
        }
    }

    private PodDiagnosis Judge(TimeSpan at)
    {
        var wait = PodWaits.Of(_seen);
        if (wait != _wait || !_begun)
        {
            (_wait, _waitBegan, _begun) = (wait, at, true);
            _seen = _seen with { Answers = null }; // It was an answer to another wait's question.
        }

        _seen = _seen with { Since = at - _waitBegan };
        return PodDiagnosis.Of(_seen);
    }
}
