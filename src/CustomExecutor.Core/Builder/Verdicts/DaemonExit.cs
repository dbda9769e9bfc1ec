using CustomExecutor.Core.Job;

namespace CustomExecutor.Core.Builder.Verdicts;

/// <summary>buildkitd ended by itself, or was never started: its last words tell why.</summary>
internal static class DaemonExit
{
    public static PodVerdict.Failed Judge(PodObservation seen)
    {
        if (seen.Terminated is not { } terminated)
            return new PodVerdict.Failed($"{seen.Lead}: {(seen.Pod.Status?.Message is { Length: > 0 } words ? DisplayText.Of(words, 400) : "no reason given")}");

        var reason = DisplayText.Of(terminated.Reason is { Length: > 0 } given ? given : "no reason given");
        // The runtime's own words: the container never ran.
        if (terminated.Reason is "StartError" or "ContainerCannotRun")
            return new PodVerdict.Failed($"The node can't start the builder ({DisplayText.Of($"{terminated.Reason}: {terminated.Message}", 600)}).{ContainerStart.Hint(terminated.Message)}");
        if (terminated.Reason is "ContainerStatusUnknown")
            return new PodVerdict.Failed($"{seen.Lead}: {reason}{(terminated.Message is { Length: > 0 } message ? $": {DisplayText.Of(message, 400)}" : "")}\nIts node was restarted or lost it. {Advice.Retry}");

        // The kubelet copies the log's end into the message; what was read of the log itself is longer.
        var log = seen.Log is { Length: > 0 } ? seen.Log : terminated.Message ?? "";
        var lines = DaemonLog.LastLines(log);
        var remedy = seen.Phase == BuilderPhase.Starting ? StartFailures.Explain(log) : null;
        return new PodVerdict.Failed(
            $"{seen.Lead}: {reason}, exit code {terminated.ExitCode}"
            + (remedy is null ? "" : $"\n{remedy}")
            + (lines.Count == 0 ? "" : $"\nThe end of buildkitd's log:\n  {string.Join("\n  ", lines)}"));
    }
}
