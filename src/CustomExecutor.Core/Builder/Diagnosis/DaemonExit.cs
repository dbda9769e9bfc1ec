namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A container ended by itself, or was never started: its last words tell why.</summary>
internal static class DaemonExit
{
    public static PodDiagnosis.Failed Judge(PodObservation seen)
    {
        if (seen.Terminated is not { } terminated)
            return new PodDiagnosis.Failed($"{seen.Lead}: {NeverRan(seen)}");

        var reason = DisplayText.Of(terminated.Reason is { Length: > 0 } given ? given : "no reason given");
        // The runtime's own words: the container never ran.
        if (terminated.Reason is "StartError" or "ContainerCannotRun")
        {
            return new PodDiagnosis.Failed(
                ContainerStart.WithChanges(
                    $"The node can't start {seen.Followed.InSentence} "
                        + $"({DisplayText.Of($"{terminated.Reason}: {terminated.Message}", 600)})."
                        + ContainerStart.Hint(seen.Followed, terminated.Message),
                    seen
                ),
                seen.Phase == BuilderPhase.Starting ? seen.Followed.FailureOfImage : FailureKind.System
            );
        }

        if (terminated.Reason is "ContainerStatusUnknown")
        {
            return new PodDiagnosis.Failed(
                $"{seen.Lead}: {reason}"
                    + (terminated.Message is { Length: > 0 } message ? $": {DisplayText.Of(message, 400)}" : "")
                    + $"\nIts node was restarted or lost it. {Advice.Retry}"
            );
        }

        // The kubelet copies the log's end into the message; what was read of the log itself is longer.
        var log = seen.Log is { Length: > 0 } ? seen.Log : terminated.Message ?? "";
        var lines = DaemonLog.LastLines(log);
        var isBuildkitd = seen.Followed.Role == ContainerRole.Buildkitd;
        var remedy = seen.Phase == BuilderPhase.Starting && isBuildkitd ? StartFailures.Explain(log) : null;
        var changes = seen.Phase == BuilderPhase.Starting ? PodChanges.Of(seen.Pod) : null;
        return new PodDiagnosis.Failed(
            $"{seen.Lead}: {reason}, exit code {terminated.ExitCode}"
                + (changes is null ? "" : $"\n{changes}")
                + (remedy is null ? "" : $"\n{remedy}")
                + (
                    lines.Count == 0
                        ? ""
                        : $"\nThe end of {(isBuildkitd ? "buildkitd's" : "its")} log:\n  {string.Join("\n  ", lines)}"
                )
        );
    }

    /// <summary>buildkitd never ran: the reason is another container's, or stands beside the state of its
    /// own.</summary>
    private static string NeverRan(PodObservation seen) =>
        InjectedStart.Ended(seen)
        ?? (
            seen.Container?.State?.Waiting
                is { Reason: not (null or "" or "ContainerCreating" or "PodInitializing") } waiting
                ? ContainerStart.Shown(waiting)
            : seen.Pod.Status?.Message is { Length: > 0 } words ? DisplayText.Of(words, 400)
            : "no reason given"
        );
}
