namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>The cluster took the pod away, or its node never let it in: nobody's mistake, least of all the
/// author's.</summary>
internal static class Disruption
{
    public static PodDiagnosis.Failed? Judge(PodObservation seen) =>
        Cause(seen) is { } cause ? new PodDiagnosis.Failed($"{seen.Lead}: {cause}") : null;

    private static string? Cause(PodObservation seen)
    {
        var (reason, words) = (seen.Pod.Status?.Reason ?? "", Words(seen.Pod.Status?.Message));
        return reason switch
        {
            "DeadlineExceeded" =>
                $"DeadlineExceeded{words}\nIt was to live as long as the job's own timeout and some minutes more: "
                    + "a job that takes longer needs a longer timeout.",
            "Preempting" or "Preempted" =>
                $"{reason}{words}\nThe node needed its place for a pod of higher priority. {Advice.Retry}",
            "NodeLost" => $"NodeLost{words}\nIts node no longer answers the cluster. {Advice.Retry}",
            "NodeShutdown" or "Shutdown" or "Terminated" => $"{reason}{words}\nIts node was shut down. {Advice.Retry}",
            "NodeAffinity" or "UnexpectedAdmissionError" =>
                $"{reason}{words}\nIts node refused it after all. {Advice.Retry}",
            _ when reason.StartsWith("OutOf", StringComparison.Ordinal) =>
                $"{DisplayText.Of(reason)}{words}\nAnother pod took its room on the node in the same moment. "
                    + $"{Advice.Retry}",
            _ => ByCondition(seen) ?? ByEvent(seen),
        };
    }

    /// <summary>Since 1.26: who deletes a pod says so in a condition before.</summary>
    private static string? ByCondition(PodObservation seen)
    {
        if (seen.Condition("DisruptionTarget") is not { Status: "True" } condition)
            return null;
        var told = $"{DisplayText.Of(condition.Reason ?? "DisruptionTarget")}{Words(condition.Message)}\n";
        return condition.Reason switch
        {
            "PreemptionByScheduler" => $"{told}A pod of higher priority took its place. {Advice.Retry}",
            "DeletionByTaintManager" => $"{told}{TaintedNode(seen)}",
            "DeletionByPodGC" => $"{told}Its node is gone. {Advice.Retry}",
            "EvictionByEvictionAPI" =>
                $"{told}Its node was drained (an upgrade, or an autoscaler that frees nodes). {Advice.Retry}",
            _ => $"{told}{Advice.Retry}",
        };
    }

    /// <summary>Before: an event tells it, at about the same time.</summary>
    private static string? ByEvent(PodObservation seen)
    {
        if (!seen.IsLeaving)
            return null;
        return seen.LastEvent("Preempted", "TaintManagerEviction", "Evicted") switch
        {
            { Reason: "Preempted" } happened =>
                $"Preempted{Words(happened.Message)}\nA pod of higher priority took its place. {Advice.Retry}",
            { Reason: "TaintManagerEviction", Message: { } message }
                when message.StartsWith("Marking for deletion", StringComparison.Ordinal) =>
                $"TaintManagerEviction{Words(message)}\n{TaintedNode(seen)}",
            { Reason: "Evicted" } happened =>
                $"Evicted{Words(happened.Message)}\nIts node was drained (an upgrade, or an autoscaler that frees "
                    + $"nodes). {Advice.Retry}",
            _ => null,
        };
    }

    private static string TaintedNode(PodObservation seen) =>
        seen.LastEvent("NodeNotReady") is null
            ? "Its node got a taint that the builder does not tolerate (builder.tolerations): it is lost "
                + $"(node.kubernetes.io/unreachable), or being emptied. {Advice.Retry}"
            : $"Its node no longer answers the cluster (node.kubernetes.io/unreachable). {Advice.Retry}";

    private static string Words(string? message) =>
        string.IsNullOrWhiteSpace(message) ? "" : $": {DisplayText.Of(message.Trim(), 400)}";
}
