using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Settings;
using k8s.Models;

namespace CustomExecutor.Core.Tests.Builder;

/// <summary>A builder's pod in the states that a cluster reports.</summary>
internal static class PodFixtures
{
    /// <summary>The pod of the default settings: 500m cpu and 512Mi requested, 4Gi at the most, 20Gi of
    /// state.</summary>
    public static V1Pod Pod(V1PodStatus? status, string? node = "node-1", Action<BuilderSettings>? with = null)
    {
        var settings = new DriverSettings();
        with?.Invoke(settings.Builder);
        var pod = PodManifest.Create(BuilderFixtures.Spec(settings: settings));
        pod.Spec.NodeName = node;
        pod.Status = status;
        return pod;
    }

    public static V1PodStatus Pending(V1PodCondition condition) =>
        new() { Phase = "Pending", Conditions = [condition] };

    public static V1PodStatus Unschedulable(string message) =>
        Pending(
            new V1PodCondition
            {
                Type = "PodScheduled",
                Status = "False",
                Reason = "Unschedulable",
                Message = message,
            }
        );

    public static V1PodStatus Waiting(string reason, string? message) =>
        Of(
            "Pending",
            new V1ContainerState
            {
                Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message },
            }
        );

    public static V1PodStatus Running(string? address)
    {
        var status = Of("Running", new V1ContainerState { Running = new V1ContainerStateRunning() });
        status.PodIP = address;
        return status;
    }

    public static V1PodStatus Ended(string reason, int code, string? message = null) =>
        Of(
            "Failed",
            new V1ContainerState
            {
                Terminated = new V1ContainerStateTerminated
                {
                    Reason = reason,
                    ExitCode = code,
                    Message = message,
                },
            }
        );

    /// <summary>The pod's own end, as the kubelet or a controller gives it.</summary>
    public static V1PodStatus Failed(string reason, string? message) =>
        new()
        {
            Phase = "Failed",
            Reason = reason,
            Message = message,
        };

    public static V1PodStatus Of(string phase, V1ContainerState state) =>
        new() { Phase = phase, ContainerStatuses = [new V1ContainerStatus { Name = "buildkitd", State = state }] };

    public static Corev1Event Event(string reason, string? message, string type = "Warning", string? uid = null) =>
        new()
        {
            Metadata = new V1ObjectMeta { Uid = uid },
            InvolvedObject = new V1ObjectReference { Kind = "Pod", Name = BuilderFixtures.Name },
            Reason = reason,
            Message = message,
            Type = type,
        };

    public static PodObservation Seen(
        V1PodStatus? status,
        string? node = "node-1",
        int seconds = 0,
        params Corev1Event[] events
    ) => new(Pod(status, node)) { Since = TimeSpan.FromSeconds(seconds), Events = events };

    public static PodObservation InUse(V1PodStatus? status, int seconds = 0, params Corev1Event[] events) =>
        Seen(status, "node-1", seconds, events) with
        {
            Phase = BuilderPhase.InUse,
        };

    public static PodObservation Deleted(this PodObservation seen)
    {
        seen.Pod.Metadata.DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return seen;
    }

    public static PodDiagnosis.Waiting Waits(PodObservation seen) =>
        PodDiagnosis.Of(seen).Should().BeOfType<PodDiagnosis.Waiting>().Which;

    /// <summary>The message of a failure that is not the author's.</summary>
    public static string Fails(PodObservation seen) => Fails(seen, FailureKind.System);

    /// <summary>The message of a failure that is the author's own.</summary>
    public static string FailsTheBuild(PodObservation seen) => Fails(seen, FailureKind.Build);

    private static string Fails(PodObservation seen, FailureKind kind)
    {
        var failed = PodDiagnosis.Of(seen).Should().BeOfType<PodDiagnosis.Failed>().Which;
        failed.Kind.Should().Be(kind, failed.Message);
        return failed.Message;
    }
}
