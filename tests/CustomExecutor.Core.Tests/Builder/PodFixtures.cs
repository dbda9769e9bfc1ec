using k8s.Models;

namespace CustomExecutor.Core.Tests.Builder;

/// <summary>A builder's pod in the states that a cluster reports.</summary>
internal static class PodFixtures
{
    public static V1Pod Pod(V1PodStatus? status, string? node = "node-1") =>
        new() { Metadata = new V1ObjectMeta { Name = "builder" }, Spec = new V1PodSpec { NodeName = node }, Status = status };

    public static V1PodStatus Pending(V1PodCondition condition) => new() { Phase = "Pending", Conditions = [condition] };

    public static V1PodStatus Waiting(string reason, string? message) =>
        Of("Pending", new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } });

    public static V1PodStatus Running(string? address)
    {
        var status = Of("Running", new V1ContainerState { Running = new V1ContainerStateRunning() });
        status.PodIP = address;
        return status;
    }

    public static V1PodStatus Ended(string reason, int code, string? message = null) =>
        Of("Failed", new V1ContainerState { Terminated = new V1ContainerStateTerminated { Reason = reason, ExitCode = code, Message = message } });

    public static V1PodStatus Of(string phase, V1ContainerState state) =>
        new() { Phase = phase, ContainerStatuses = [new V1ContainerStatus { Name = "buildkitd", State = state }] };
}
