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
        var (remedy, isOwnUse) = Remedy(message, seen);
        var kind = isOwnUse && seen.Phase == BuilderPhase.InUse ? FailureKind.Build : FailureKind.System;
        return new PodDiagnosis.Failed($"{seen.Lead}: Evicted: {DisplayText.Of(message.Trim(), 400)}\n{remedy}", kind);
    }

    private static (string Remedy, bool IsOwnUse) Remedy(string message, PodObservation seen)
    {
        if (Says("Usage of EmptyDir volume"))
        {
            return (
                OwnUse(
                    "disk",
                    "its state (layers, build cache, what steps write) outgrew "
                        + $"builder.stateSizeLimit{StateLimit(seen)}",
                    "builder.stateSizeLimit",
                    seen
                ),
                true
            );
        }

        if (Says("local ephemeral storage limit", "ephemeral local storage usage exceeds"))
        {
            return (
                OwnUse(
                    "disk",
                    "it used more than "
                        + $"builder.resources.limits[\"ephemeral-storage\"]{Known(seen.Limit("ephemeral-storage"))}",
                    "builder.resources.limits[\"ephemeral-storage\"]",
                    seen
                ),
                true
            );
        }

        if (Says("MemoryPressure", "low on resource: memory"))
        {
            return (
                "The node ran out of memory. A higher "
                    + $"builder.resources.requests.memory{Known(seen.Request("memory"))} keeps that much free for "
                    + $"the builder. {Advice.Retry}",
                false
            );
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
            return (
                "The node's disk ran full. builder.resources.requests[\"ephemeral-storage\"] reserves room for "
                    + $"the builder. {Advice.Retry}",
                false
            );
        }

        if (Says("PIDPressure", "low on resource: pids"))
            return ($"The node ran out of process ids. {Advice.Retry}", false);
        return (Advice.Retry, false);

        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (message.Contains(word, StringComparison.OrdinalIgnoreCase))
                    return true;
            }

            return false;
        }
    }

    private static string OwnUse(string what, string cause, string key, PodObservation seen) =>
        seen.Phase == BuilderPhase.InUse
            ? $"The build needs more {what} than the builder may use: {cause}. Let the build write less, or ask "
                + $"the runner's admin to raise {key}."
            : $"The builder needs more {what} than it may use: {cause}. Raise {key} in the settings.";

    private static string StateLimit(PodObservation seen) =>
        Known(seen.Pod.Spec.Volumes?.FirstOrDefault(v => v.Name == "state")?.EmptyDir?.SizeLimit?.ToString());

    private static string Known(string? quantity) => quantity is null ? "" : $" ({DisplayText.Of(quantity)})";
}
