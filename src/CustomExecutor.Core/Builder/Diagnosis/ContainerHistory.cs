using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>
/// Collects what happens to one container of a job's pod, and so knows how long it waits for what. Changes come one
/// after another, in the order in which they happened; every time is handed in, from one clock of the caller's.
/// </summary>
/// <param name="created">The pod as it was created or first seen.</param>
/// <param name="phase">What the job is to the pod.</param>
/// <param name="container">The container.</param>
/// <param name="containers">It and the others.</param>
internal sealed class ContainerHistory(
    V1Pod created,
    BuilderPhase phase,
    PodContainer container,
    FollowedContainers containers
)
{
    /// <summary>More are never needed; an event that is repeated is one.</summary>
    private const int MostEvents = 100;

    private readonly List<Corev1Event> _events = [];
    private PodObservation _seen = new(created)
    {
        Phase = phase,
        Followed = container,
        Own = containers.All,
    };
    private PodDiagnosis? _last;
    private PodWait? _wait;
    private TimeSpan _waitBegan;

    /// <summary>Whether the container ran and ended, so that it has left a log.</summary>
    public bool HasLog => _seen is { IsGone: false, HasEnded: true };

    /// <summary>Where a connection is to be tried, since the next diagnosis depends on it; null if it does
    /// not.</summary>
    public string? AddressToTry =>
        _seen switch
        {
            _ when _seen.IsServing || _last is PodDiagnosis.Failed => null,
            { Phase: BuilderPhase.InUse } when !NodeLoss.DependsOnAnswer(_seen) => null,
            { IsRunning: true, Address: { } address } => address,
            _ => null,
        };

    /// <summary>The container's name.</summary>
    public string Name => container.Name;

    /// <summary>The diagnosis after a change.</summary>
    public PodDiagnosis After(BuilderChange change, TimeSpan at)
    {
        _seen = change switch
        {
            BuilderChange.PodSeen seen => _seen with { Pod = seen.Pod },
            BuilderChange.PodGone => _seen with { IsGone = true },
            BuilderChange.EventSeen seen when IsOfThis(seen.Event) => _seen with { Events = EventsWith(seen.Event) },
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

    private bool IsOfThis(Corev1Event happened) =>
        containers.All.All(other => other == container || !FollowedContainers.IsAbout(happened, other));

    private IReadOnlyList<Corev1Event> EventsWith(Corev1Event happened)
    {
        _events.RemoveAll(e => e.Metadata?.Uid is { } uid && uid == happened.Metadata?.Uid);
        _events.Add(happened);
        if (_events.Count > MostEvents)
            _events.RemoveAt(0);
        return [.. _events];
    }
}
