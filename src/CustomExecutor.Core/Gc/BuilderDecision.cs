using System.Globalization;
using CustomExecutor.Core.Builder;
using k8s.Models;

namespace CustomExecutor.Core.Gc;

/// <summary>
/// Decides whether a builder's job is over, from the pod alone. The annotation is of the clock of the host that made
/// the pod; everything else here, and <c>now</c>, is of the API server's, so that the clock of whoever reaps does not
/// matter.
/// </summary>
public static class BuilderDecision
{
    /// <summary>How long after its creation a pod may begin to run: <c>builder.prepareTimeoutSeconds</c> at its
    /// most.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromDays(1);

    /// <summary>From it on, an annotation is no time that anybody means, and one can't be reckoned with.</summary>
    private const int LastYear = 9000;

    /// <summary>Judges one pod that is labelled as a builder.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="now">The API server's clock.</param>
    public static GcDecision Of(V1Pod pod, DateTimeOffset now)
    {
        if (JobOf(pod) is null)
        {
            return GcDecision.Leave(
                "it is labelled as a builder, but its name is not one of a builder of the job that its labels name"
            );
        }

        if (Time(pod.Metadata.DeletionTimestamp) is { } deletion)
        {
            return now - deletion > GcTimes.Margin
                ? GcDecision.Leave(
                    $"it was deleted {GcTimes.InWords(now - deletion)} ago and its node has not let go of it "
                        + "(is the node gone? kubectl describe says more)"
                )
                : GcDecision.Live;
        }

        if (ExpiryOf(pod) is not { } expiry)
        {
            return GcDecision.Leave(
                "it has neither a deadline nor a time at which it expires: this driver makes no such pods"
            );
        }

        if (now > expiry)
            return GcDecision.Remove($"it expired {GcTimes.InWords(now - expiry)} ago");
        if (EndedAtDeadline(pod) is { } end && now - end > GcTimes.LogPatience)
            return GcDecision.Remove($"Kubernetes ended it at its deadline {GcTimes.InWords(now - end)} ago");
        // One that ended otherwise holds nothing any more but its last lines, which its job and people may still want.
        return GcDecision.Live;
    }

    /// <summary>The job whose builder it is; null if the name is not one that the driver gives to that job's.</summary>
    public static long? JobOf(V1Pod pod) =>
        pod.Metadata.Labels is { } labels
        && labels.TryGetValue(BuilderLabels.JobId, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var job)
        && BuilderPlanner.IsNameOf(job, pod.Metadata.Name)
            ? job
            : null;

    /// <summary>
    /// When nobody can need it any more. A job's own timeout began before its builder was created, so
    /// <c>activeDeadlineSeconds</c> from the creation on is always enough: an annotation that says less comes from a
    /// clock that is behind. One that says far more comes from a clock that is ahead.
    /// </summary>
    private static DateTimeOffset? ExpiryOf(V1Pod pod)
    {
        var annotated = Annotated(pod) + GcTimes.Margin;
        if (
            Time(pod.Metadata.CreationTimestamp) is not { } created
            || pod.Spec?.ActiveDeadlineSeconds is not { } seconds
        )
        {
            return annotated;
        }

        var deadline = created + TimeSpan.FromSeconds(seconds);
        if (annotated is not { } expiry)
            return deadline + GcTimes.Margin;
        var latest = deadline + LongestStart + GcTimes.Margin;
        return expiry < deadline ? deadline
            : expiry > latest ? latest
            : expiry;
    }

    private static DateTimeOffset? Annotated(V1Pod pod) =>
        pod.Metadata.Annotations is { } annotations
        && annotations.TryGetValue(BuilderLabels.ExpiresAt, out var text)
        && DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
        && time.Year < LastYear
            ? time
            : null;

    private static DateTimeOffset? EndedAtDeadline(V1Pod pod) =>
        pod.Status is { Phase: "Failed", Reason: "DeadlineExceeded" } status
            ? Time(status.ContainerStatuses?.Select(c => c.State?.Terminated?.FinishedAt).Max())
                ?? (Time(status.StartTime) ?? Time(pod.Metadata.CreationTimestamp))
                    + TimeSpan.FromSeconds(pod.Spec?.ActiveDeadlineSeconds ?? 0)
            : null;

    private static DateTimeOffset? Time(DateTime? time) =>
        time is { } t ? new DateTimeOffset(DateTime.SpecifyKind(t, DateTimeKind.Utc)) : null;
}
