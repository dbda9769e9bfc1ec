using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>An image that can't be pulled. The kubelet tries again for ever; the driver gives up when that is in
/// vain.</summary>
internal static class ImagePull
{
    /// <param name="seen">The pod.</param>
    /// <param name="waiting">The state of the container whose image it is.</param>
    /// <param name="injected">That container, unless it is the builder's own.</param>
    public static PodDiagnosis Judge(
        PodObservation seen,
        V1ContainerStateWaiting waiting,
        InjectedContainer? injected = null
    )
    {
        // Before 1.31 the pause between two tries names no cause: the event of the failed try does.
        var cause =
            waiting is { Reason: "ErrImagePull" or "RegistryUnavailable", Message.Length: > 0 }
            || waiting.Message?.Contains("ErrImagePull", StringComparison.Ordinal) == true
                ? waiting.Message
                : LastFailure(seen) ?? waiting.Message ?? "";
        var (remedy, patience) = Classify(cause, seen.Followed);
        var shown = DisplayText.Of(
            waiting.Message is { Length: > 0 } ? $"{waiting.Reason}: {waiting.Message}" : waiting.Reason,
            600
        );
        if (cause.Length > 0 && cause != waiting.Message)
            shown += $"; {DisplayText.Of(cause, 600)}";
        var (whose, waitsFor) = injected is null
            ? (seen.Followed.TheImage, seen.TheContainer)
            : ($"The image of {injected.Shown},", injected.Shown);
        if (injected is not null)
            remedy = InjectedContainer.Remedy;
        return seen.Since >= patience
            ? new PodDiagnosis.Failed(
                $"{whose} can't be pulled ({shown}).\n{remedy}",
                injected is null ? seen.Followed.FailureOfImage : FailureKind.System
            )
            : new PodDiagnosis.Waiting($"for {waitsFor} ({shown})", IsPauseAlone(cause) ? null : remedy);
    }

    /// <summary>The event with the cause is on its way.</summary>
    private static bool IsPauseAlone(string cause) =>
        cause.StartsWith("Back-off", StringComparison.Ordinal)
        && !cause.Contains("ErrImagePull", StringComparison.Ordinal);

    private static string? LastFailure(PodObservation seen) =>
        seen
            .Events.LastOrDefault(e =>
                e is { Reason: "Failed", Message: { } message }
                && message.StartsWith("Failed to pull image", StringComparison.Ordinal)
            )
            ?.Message;

    /// <summary>By the words of containerd, CRI-O and dockershim; what is refused comes before what is not there, for
    /// registries hide the one behind the other.</summary>
    private static (string Remedy, TimeSpan GracePeriods) Classify(string cause, PodContainer container)
    {
        var image = container.ImageKey;
        var logins =
            container.Owner == ImageOwner.Author
                ? "DOCKER_AUTH_CONFIG in the CI/CD variables"
                : "builder.imagePullSecrets";
        if (Says("toomanyrequests", "429 Too Many Requests", "rate limit"))
        {
            return (
                $"The registry's rate limit is reached: pull with a login ({logins}) or from a " + $"mirror ({image}).",
                GracePeriods.UnreachableRegistry
            );
        }

        if (Says("no match for platform", "no matching manifest for", "exec format error"))
        {
            return (
                "The image is not made for the node's architecture: set builder.nodeSelector, like "
                    + $"\"kubernetes.io/arch\": \"amd64\", or another {image}.",
                GracePeriods.WrongImage
            );
        }

        if (
            Says(
                "x509:",
                "certificate signed by unknown authority",
                "tls: ",
                "server gave HTTP response to HTTPS client"
            )
        )
        {
            return (
                $"The node does not trust the registry of {image}: its container runtime needs the registry's CA "
                    + "(or to know that it speaks plain HTTP).",
                GracePeriods.UnreachableRegistry
            );
        }

        if (Says("no such host", "server misbehaving", "Temporary failure in name resolution"))
            return ($"The node can't find the registry of {image} in the DNS.", GracePeriods.UnreachableRegistry);
        if (
            Says(
                "i/o timeout",
                "context deadline exceeded",
                "connection refused",
                "connection reset",
                "no route to host",
                "network is unreachable",
                "TLS handshake timeout",
                "Client.Timeout",
                "unexpected EOF",
                "500 Internal Server Error",
                "502 Bad Gateway",
                "503 Service Unavailable",
                "504 Gateway"
            )
        )
        {
            return (
                $"The node can't reach the registry of {image}: a firewall, a proxy, or the registry itself.",
                GracePeriods.UnreachableRegistry
            );
        }

        if (Says("no space left on device"))
            return ("The node's disk is full.", GracePeriods.UnreachableRegistry);
        if (
            Says(
                "authorization failed",
                "unauthorized",
                "authentication required",
                "no basic auth credentials",
                "pull access denied",
                "requested access to the resource is denied",
                "insufficient_scope",
                "401 Unauthorized",
                "403 Forbidden",
                "denied:"
            )
        )
        {
            return (
                $"The registry refuses the node, or has no such image: check {image} and "
                    + (
                        container.Owner == ImageOwner.Author
                            ? $"put a login for the registry into {logins}."
                            : $"name a pull secret of the namespace in {logins}."
                    ),
                GracePeriods.WrongImage
            );
        }

        if (Says("not found", "manifest unknown", "name unknown", "does not exist", "404 Not Found"))
            return ($"The registry has no such image: check {image}.", GracePeriods.WrongImage);
        return ($"Check {image} and {logins}.", GracePeriods.UnreachableRegistry);

        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (cause.Contains(word, StringComparison.OrdinalIgnoreCase))
                    return true;
            }

            return false;
        }
    }
}
