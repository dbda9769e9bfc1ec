using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using k8s.Models;

namespace CustomExecutor.Stages;

/// <summary>What prepare does otherwise where a job's scripts run on the host, and where they run in the job's
/// pod.</summary>
internal interface IPreparation
{
    /// <summary>Before the cluster is asked: makes the job's files.</summary>
    /// <param name="record">The attempt's.</param>
    void Begin(AttemptRecord record);

    /// <summary>The API server has answered, so its clock is known.</summary>
    void Connected(ClusterClock server);

    /// <summary>Creates the pod, then its secret.</summary>
    Task<V1Pod> Create(BuilderPods pods, BuilderSpec spec, CancellationToken cancel);

    /// <summary>Waits until the job can use its pod.</summary>
    /// <returns>The attempt's record for the later stages.</returns>
    Task<AttemptRecord> UntilReady(
        AttemptRecord record,
        ClusterClient client,
        BuilderPods pods,
        V1Pod pod,
        CancellationToken cancel
    );
}
