using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>The history of the containers of a job's pod that the job needs: all must run, and none may fail.</summary>
/// <param name="created">The pod as it was created or first seen.</param>
/// <param name="phase">What the job is to the pod.</param>
/// <param name="containers">The containers.</param>
public sealed class BuilderHistory(V1Pod created, BuilderPhase phase, FollowedContainers containers)
{
    private readonly List<ContainerHistory> _histories =
    [
        .. containers.Needed.Select(container => new ContainerHistory(created, phase, container, containers)),
    ];

    private ContainerHistory? _failed;

    /// <summary>The container that ended and has left a log; null if none did.</summary>
    public string? HasLog => _failed is { HasLog: true } ? _failed.Name : null;

    /// <summary>Where a connection is to be tried, since the next diagnosis depends on it; null if it does
    /// not.</summary>
    public string? AddressToTry => _histories.All(h => h.AddressToTry is not null) ? _histories[0].AddressToTry : null;

    /// <summary>The diagnosis of a pod in use that is not in the cluster when it is first looked for.</summary>
    public static PodDiagnosis.Failed Gone(string name, FollowedContainers containers)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PodSpec(),
        };
        return EndedPod.Judge(
            new PodObservation(pod)
            {
                Phase = BuilderPhase.InUse,
                IsGone = true,
                Own = containers.All,
            }
        );
    }

    /// <summary>The diagnosis after a change: the first failure, else what is waited for first.</summary>
    public PodDiagnosis After(BuilderChange change, TimeSpan at)
    {
        var diagnoses = _histories.ConvertAll(history => history.After(change, at));
        var failed = diagnoses.FindIndex(d => d is PodDiagnosis.Failed);
        _failed = failed < 0 ? null : _histories[failed];
        return failed >= 0 ? diagnoses[failed] : diagnoses.Find(d => d is PodDiagnosis.Waiting) ?? diagnoses[0];
    }
}
