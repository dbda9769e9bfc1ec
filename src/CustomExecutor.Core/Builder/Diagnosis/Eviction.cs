namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>The kubelet threw the pod out: for what it used itself, or because the node ran out of something.</summary>
internal static class Eviction
{
    public static PodDiagnosis.Failed? Judge(PodObservation seen)
    {
        // Before 1.26 the reason stands on the pod alone, since then in a condition as well; an imminent shutdown has
        // that condition too.
        if (seen.Pod.Status?.Reason != "Evicted")
            return null;
        var message = seen.Pod.Status.Message ?? "";
        var own = DiskUse.Of(message, seen);
        var remedy = own is null ? OfNode(message, seen) : OfPod(own, seen);
        var kind = own is not null && seen.Phase == BuilderPhase.InUse ? FailureKind.Build : FailureKind.System;
        return new PodDiagnosis.Failed($"{seen.Lead}: Evicted: {DisplayText.Of(message.Trim(), 400)}\n{remedy}", kind);
    }

    private static string OfPod(DiskUse use, PodObservation seen)
    {
        var who = (use.IsBuilders, seen.Phase) switch
        {
            (true, BuilderPhase.InUse) => "build",
            (true, _) => "builder",
            _ => "job",
        };
        return seen.Phase == BuilderPhase.InUse
            ? $"The {who} needs more disk than {(use.IsBuilders ? "the builder" : "it")} may use: {use.Cause}. Let the "
                + $"{who} write less, or ask the runner's admin to raise {use.Key}."
            : $"The {who} needs more disk than it may use: {use.Cause}. Raise {use.Key} in the settings.";
    }

    private static string OfNode(string message, PodObservation seen)
    {
        if (Says("Usage of EmptyDir volume"))
            return "The driver did not ask for a limit of that volume: a policy of the cluster changed the pod.";
        if (Says("MemoryPressure", "low on resource: memory"))
        {
            return $"The node ran out of memory. A higher {Requests("memory")} keeps that much free for "
                + $"{Blamed("the job")}. {Advice.Retry}";
        }

        if (
            Says(
                "DiskPressure",
                "low on resource: ephemeral-storage",
                "low on resource: inodes",
                "low on resource: [Disk"
            )
        )
        {
            return $"The node's disk ran full. A higher {Requests("ephemeral-storage")} reserves room for "
                + $"{Blamed("the job")}. {Advice.Retry}";
        }

        return Says("PIDPressure", "low on resource: pids")
            ? $"The node ran out of process ids. {Advice.Retry}"
            : Advice.Retry;

        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (message.Contains(word, StringComparison.OrdinalIgnoreCase))
                    return true;
            }

            return false;
        }

        // The kubelet names the containers that used more than they request.
        IReadOnlyList<PodContainer> Users() => seen.Named(message) is { Count: > 0 } named ? named : seen.Own;

        string Requests(string resource) =>
            string.Join(
                " or ",
                Users().Select(c => $"{KeyOf(c, resource)}{Known(seen.RequestOf(c, resource))}").Distinct()
            );

        string Blamed(string several) => Users() is [var one] ? one.InSentence : several;
    }

    private static string KeyOf(PodContainer container, string resource) =>
        $"{container.Settings}.resources.requests{(resource.Contains('-') ? $"[\"{resource}\"]" : $".{resource}")}";

    private static string Known(string? quantity) => quantity is null ? "" : $" ({DisplayText.Of(quantity)})";
}
