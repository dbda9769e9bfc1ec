using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>
/// Collects what happens to one builder, and so knows how long it waits for what. Changes come one after another, in
/// the order in which they happened; every time is handed in, from one clock of the caller's.
/// </summary>
public sealed class BuilderHistory(V1Pod created, BuilderPhase phase)
{
    /// <summary>More are never needed; an event that is repeated is one.</summary>
    private const int MostEvents = 100;

    private readonly List<Corev1Event> _events = [];
    private PodObservation _seen = new(created) { Phase = phase };
    private PodDiagnosis? _last;
    private PodWait? _wait;
    private TimeSpan _waitBegan;

    /// <summary>Whether buildkitd ran and ended, so that it has left a log.</summary>
    public bool HasLog => _seen is { IsGone: false, HasEnded: true };

    /// <summary>Where a connection is to be tried, since the next diagnosis depends on it; null if it does
    /// not.</summary>
    public string? AddressToTry =>
        _seen switch
        {
            _ when _seen.IsServing || _last is PodDiagnosis.Failed => null,
            { Phase: BuilderPhase.InUse } when !NodeLoss.DependsOnAnswer(_seen) => null,
            { Container.State.Running: not null, Pod.Status.PodIP: { Length: > 0 } address } => address,
            _ => null,
        };

    /// <summary>The diagnosis of a builder in use that is not in the cluster when it is first looked for.</summary>
    public static PodDiagnosis.Failed Gone(string name)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PodSpec(),
        };
        return EndedPod.Judge(new PodObservation(pod) { Phase = BuilderPhase.InUse, IsGone = true });
    }

    /// <summary>The diagnosis after a change.</summary>
    public PodDiagnosis After(BuilderChange change, TimeSpan at)
    {
        _seen = change switch
        {
            BuilderChange.PodSeen seen => _seen with { Pod = seen.Pod },
            BuilderChange.PodGone => _seen with { IsGone = true },
            BuilderChange.EventSeen seen => _seen with { Events = EventsWith(seen.Event) },
            BuilderChange.ConnectionTried tried => _seen with { Connection = tried.Result },
            BuilderChange.LogRead read => _seen with { Log = read.Log },
            _ => _seen,
        };
        var wait = PodWaits.Of(_seen);
        if (wait != _wait)
        {
            (_wait, _waitBegan) = (wait, at);
            _seen = _seen with { Connection = null }; // It was tried for another wait's sake.
        }

        _seen = _seen with { Since = at - _waitBegan };
        return _last = PodDiagnosis.Of(_seen);
    }

    private IReadOnlyList<Corev1Event> EventsWith(Corev1Event happened)
    {
        _events.RemoveAll(e => e.Metadata?.Uid is { } uid && uid == happened.Metadata?.Uid);
        _events.Add(happened);
        if (_events.Count > MostEvents)
            _events.RemoveAt(0);
        return [.. _events];
    }
}
