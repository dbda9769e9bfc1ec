using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>
/// The pod is created just before its secret, so that the secret has an owner from its first moment. A kubelet that is
/// quicker finds none and says so, and tries again: nothing to alarm anybody with.
/// </summary>
internal static class SecretRace
{
    /// <summary>Whether an event is only that race.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="age">How long its pod has been there, or on its node.</param>
    public static bool IsIt(Corev1Event happened, TimeSpan age) => age < GracePeriods.Secret && IsMissing(happened);

    /// <summary>Whether an event says that a builder's own secret is not there.</summary>
    public static bool IsMissing(Corev1Event happened) =>
        happened is { Reason: "FailedMount", Message: { } message, InvolvedObject.Name: { Length: > 0 } builder }
        // Before the kubelet has heard of the secret it may also say that its cache has not: both end when the secret
        // is there.
        && (
            message.Contains($"secret \"{builder}\" not found", StringComparison.Ordinal)
            || message.Contains("failed to sync secret cache", StringComparison.Ordinal)
            || message.Contains($"/{builder}\" not registered", StringComparison.Ordinal)
        );
}
