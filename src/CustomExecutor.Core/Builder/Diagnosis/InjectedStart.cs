using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>Judges a container of the cluster's that must start or end before buildkitd does, or that ended the
/// pod.</summary>
internal static class InjectedStart
{
    /// <summary>The pod waits for it.</summary>
    public static PodDiagnosis Judge(PodObservation seen, InjectedContainer container)
    {
        if (container is { Runs: true, HasFailed: false })
            return new PodDiagnosis.Waiting($"for {container.Shown}, to {(container.IsSidecar ? "be ready" : "end")}");
        var shown =
            container.Problem is { } problem ? ContainerStart.Shown(problem)
            : container.Runs ? "it runs again"
            : "it ended";
        if (container.HasFailed)
            shown += $"; last end: {EndOf(container.End!)}";
        return PodWaits.Of(seen) switch
        {
            PodWait.Image => ImagePull.Judge(seen, container.Problem!, container),
            PodWait.Configuration => After(GracePeriods.Configuration, "can't be created"),
            PodWait.Start => After(GracePeriods.Start, "can't be started"),
            PodWait.Crash when !container.Runs => After(GracePeriods.Crash, "fails again and again"),
            _ when container.Problem?.Reason is "InvalidImageName" or "ErrImageNeverPull" => After(
                TimeSpan.Zero,
                "can't be started"
            ),
            _ => new PodDiagnosis.Waiting($"for {container.Shown} ({shown})", InjectedContainer.Remedy),
        };

        PodDiagnosis After(TimeSpan patience, string what) =>
            seen.Since >= patience
                ? new PodDiagnosis.Failed(
                    $"The builder can't start: {container.Shown}, {what} ({shown}).\n{InjectedContainer.Remedy}"
                )
                : new PodDiagnosis.Waiting($"for {container.Shown} ({shown})", InjectedContainer.Remedy);
    }

    /// <summary>The pod has ended and buildkitd never ran: the sentence behind the lead, or null if no other container
    /// is at fault.</summary>
    public static string? Ended(PodObservation seen) =>
        InjectedContainer.AtFault(seen) switch
        {
            null => null,
            { HasFailed: true } container =>
                $"{container.Shown}, failed: {EndOf(container.End!)}\n{InjectedContainer.Remedy}",
            var container => $"{container.Shown}, did not start: "
                + $"{ContainerStart.Shown(container.Problem!)}\n{InjectedContainer.Remedy}",
        };

    /// <summary>A sidecar that does not run beside a buildkitd that does: a mesh's proxy may carry all of the pod's
    /// connections. Null if all run.</summary>
    public static string? Trouble(PodObservation seen) =>
        InjectedContainer.AtFault(seen) switch
        {
            { Runs: false } container => $"In the same pod, {container.Shown}, does not run ("
                + (container.Problem is { } problem ? ContainerStart.Shown(problem) : EndOf(container.End!))
                + $").\n{InjectedContainer.Remedy}",
            _ => null,
        };

    /// <summary>Reason and code. A message that the container wrote itself is not the author's to read; the runtime's
    /// own words are.</summary>
    private static string EndOf(V1ContainerStateTerminated end)
    {
        var reason = DisplayText.Of(end.Reason is { Length: > 0 } given ? given : "no reason given");
        var words = end
            is { Reason: "StartError" or "ContainerCannotRun" or "ContainerStatusUnknown", Message.Length: > 0 }
            ? $": {DisplayText.Of(end.Message, 400)}"
            : "";
        return $"{reason}, exit code {end.ExitCode}{words}";
    }
}
