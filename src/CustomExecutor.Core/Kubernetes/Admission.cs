using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>
/// Recognizes rejections by admission plug-ins, for objects that the driver's account is allowed to create: quotas,
/// limit ranges, Pod Security, webhooks. They answer with 403, 400, 422 or 500, so only the message identifies them.
/// </summary>
internal static partial class Admission
{
    /// <summary>The remedy, or null if the message is not from a known admission plug-in.</summary>
    public static (string? Remedy, bool IsRefusal)? Judge(ApiStatus status)
    {
        var message = status.Message;
        // First, because a webhook may quote any of the other messages.
        if (FailingWebhook().Match(message) is { Success: true } failing)
        {
            return ($"The cluster's admission webhook {Name(failing)} does not work. This usually passes.", false);
        }

        if (DenyingWebhook().Match(message) is { Success: true } denying)
        {
            return (
                $"A policy of the cluster forbids it: ask the owner of the admission webhook {Name(denying)}, or "
                    + "exempt the builders' namespace from it.",
                true
            );
        }

        if (DenyingPolicy().Match(message) is { Success: true } policy)
        {
            return (
                "A policy of the cluster forbids it: ask the owner of the ValidatingAdmissionPolicy "
                    + $"{Name(policy)}, or exempt the builders' namespace from it.",
                true
            );
        }

        if (PodSecurity().Match(message) is { Success: true } security)
        {
            return (
                $"The namespace enforces Pod Security {Name(security)}, which does not allow rootless BuildKit. In "
                    + "a namespace for builders alone: "
                    + "kubectl label --overwrite namespace NAMESPACE pod-security.kubernetes.io/enforce=privileged",
                true
            );
        }

        if (message.Contains("against any pod security policy", StringComparison.Ordinal))
        {
            return (
                "No PodSecurityPolicy that the driver's account can use allows rootless BuildKit (seccomp and "
                    + "AppArmor unconfined, SETUID and SETGID).",
                true
            );
        }

        if (message.Contains("against any security context constraint", StringComparison.Ordinal))
        {
            return (
                "No SecurityContextConstraint that the builder's service account can use allows rootless BuildKit "
                    + "(user 1000, seccomp unconfined, SETUID and SETGID).",
                true
            );
        }

        if (Quota().Match(message) is { Success: true } quota)
        {
            return (
                $"The namespace's quota {Name(quota)} is used up: raise it, lower the runner's `concurrent` or "
                    + "builder.resources, or wait for other jobs to end.",
                true
            );
        }

        if (message.Contains("failed quota: ", StringComparison.Ordinal))
        {
            return (
                "The namespace's quota requires a request or limit that the builder does not have: set it in "
                    + "builder.resources.",
                true
            );
        }

        if (message.Contains("status unknown for quota", StringComparison.Ordinal))
            return ("Kubernetes is still computing the namespace's quota. This usually passes.", false);
        if (LimitRange().IsMatch(message))
            return ("The namespace's LimitRange forbids it: bring builder.resources within the range.", true);

        if (
            message.Contains("because it is being terminated", StringComparison.Ordinal)
            || status.Causes.Any(c => c.Reason == "NamespaceTerminating")
        )
        {
            return (
                "The namespace is being deleted: wait until it is gone and create it again, or set another "
                    + "kubernetes.namespace in the settings.",
                true
            );
        }

        if (
            message.Contains("error looking up service account", StringComparison.Ordinal)
            || message.Contains("no API token found for service account", StringComparison.Ordinal)
        )
        {
            return (
                "The namespace has no service account `default` yet: Kubernetes creates it shortly after the "
                    + "namespace. If it stays missing, check the cluster's controller manager.",
                false
            );
        }

        return null;
    }

    private static string Name(Match match) => DisplayText.Of(match.Groups["name"].Value);

    [GeneratedRegex("""failed calling (admission )?webhook "(?<name>[^"]*)"|webhook "(?<name>[^"]*)" failed""")]
    private static partial Regex FailingWebhook();

    [GeneratedRegex("""admission webhook "(?<name>[^"]*)" (denied the request|attempted to modify)""")]
    private static partial Regex DenyingWebhook();

    [GeneratedRegex("""ValidatingAdmissionPolicy '(?<name>[^']*)' with binding""")]
    private static partial Regex DenyingPolicy();

    [GeneratedRegex("""violates PodSecurity "(?<name>[^"]*)":""")]
    private static partial Regex PodSecurity();

    [GeneratedRegex("""exceeded quota: (?<name>[^,]+),""")]
    private static partial Regex Quota();

    [GeneratedRegex(
        """(minimum|maximum) \S+ usage per (Container|Pod) is |max limit to request ratio per (Container|Pod) is """
    )]
    private static partial Regex LimitRange();
}
