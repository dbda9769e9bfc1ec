using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A pod without a node: what the scheduler and the autoscaler say of it. Rooms get free, so it is waited
/// for.</summary>
internal static partial class Scheduling
{
    public static PodDiagnosis.Waiting Judge(PodObservation seen)
    {
        var scheduler = seen.Condition("PodScheduled") is { Status: "False", Message.Length: > 0 } condition
            ? condition.Message
            : null;
        var remedy = scheduler is null ? null : Remedy(scheduler, seen);
        var autoscaler = seen.LastEvent("TriggeredScaleUp", "Nominated", "NotTriggerScaleUp", "FailedScaleUp");
        return autoscaler?.Reason switch
        {
            "TriggeredScaleUp" or "Nominated" => new(
                $"for a new node, which is being made ({DisplayText.Of(autoscaler.Message ?? autoscaler.Reason, 400)})"
            ),
            "NotTriggerScaleUp" or "FailedScaleUp" => new(
                $"for a node ({DisplayText.Of(scheduler ?? "none fits", 400)}), and the autoscaler makes none "
                    + $"({DisplayText.Of(autoscaler.Message ?? autoscaler.Reason, 400)})",
                remedy
            ),
            _ => new(scheduler is null ? "for a node" : $"for a node ({DisplayText.Of(scheduler, 400)})", remedy),
        };
    }

    /// <summary>One sentence for each thing that lacks; what is not known here speaks for itself in the scheduler's
    /// words.</summary>
    private static string? Remedy(string scheduler, PodObservation seen)
    {
        // Behind it the scheduler only says that evicting others would not help.
        var filters = scheduler.Split(" preemption:")[0];
        if (
            filters.Contains("no nodes available to schedule pods", StringComparison.OrdinalIgnoreCase)
            || filters.StartsWith("0/0 ", StringComparison.Ordinal)
        )
        {
            return "The cluster has no node at all.";
        }

        List<string> sentences = [];
        foreach (var resource in Lacking().Matches(filters).Select(m => m.Groups[1].Value).Distinct())
        {
            sentences.Add(
                resource == "pods" ? TooManyPods : Insufficient(resource, seen.RequestOf(seen.Followed, resource))
            );
        }

        if (filters.Contains("Too many pods", StringComparison.Ordinal))
            sentences.Add(TooManyPods);
        if (filters.Contains("taint", StringComparison.Ordinal))
            sentences.Add("Nodes have a taint that the builder does not tolerate (builder.tolerations).");
        if (NodeAffinity().IsMatch(filters))
        {
            sentences.Add(
                $"Nodes lack labels that the builder needs ({Selector(seen)}): builder.nodeSelector sets "
                    + $"them{Affinity(seen)}."
            );
        }

        if (filters.Contains("were unschedulable", StringComparison.Ordinal))
            sentences.Add("Nodes are cordoned (kubectl uncordon).");
        return sentences.Count == 0 ? null : string.Join(' ', sentences.Distinct());
    }

    private const string TooManyPods =
        "Nodes run as many pods as they may: add nodes, or lower the runner's `concurrent`.";

    private static string Insufficient(string resource, string? request)
    {
        var shown = DisplayText.Of(resource);
        return request is null
            ? $"Nodes have too little {shown} free (builder.resources.requests)."
            : $"Nodes have less than {request} {shown} free (builder.resources.requests: lower it, or add nodes).";
    }

    private static string Selector(PodObservation seen) =>
        DisplayText.Of(
            string.Join(
                ", ",
                (seen.Pod.Spec.NodeSelector ?? new Dictionary<string, string>()).Select(s => $"{s.Key}={s.Value}")
            )
        );

    private static string Affinity(PodObservation seen) =>
        seen.Pod.Spec.Affinity is null ? "" : ". Or they don't match the affinity that the cluster added to the pod";

    [GeneratedRegex(@"Insufficient ([^\s,]*[^\s,.])")]
    private static partial Regex Lacking();

    /// <summary>1.20: "didn't match node selector", "Pod's node affinity"; since 1.21: "Pod's node affinity/selector".
    /// A volume's own affinity is another matter.</summary>
    [GeneratedRegex(@"didn't match (node selector|Pod's node affinity|scheduler-enforced node affinity)")]
    private static partial Regex NodeAffinity();
}
