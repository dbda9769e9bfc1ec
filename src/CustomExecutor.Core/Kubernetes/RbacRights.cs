using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>Describes a missing right (RBAC). The server's message contains the verb and the resource.</summary>
internal static partial class RbacRights
{
    public static string Remedy(string message)
    {
        if (Missing().Match(message) is not { Success: true } missing)
        {
            return "The driver's account lacks a right, or a policy forbids the request: "
                + "config/kubernetes/role.yaml lists the required rights.";
        }

        var (user, verb, resource) = (
            Shown(missing.Groups["user"]),
            Shown(missing.Groups["verb"]),
            Shown(missing.Groups["resource"])
        );
        return $"{user} lacks the right to {verb} {resource}: config/kubernetes/role.yaml has it (kubectl apply -k "
            + "config/kubernetes).";
    }

    private static string Shown(Group group) => DisplayText.Of(group.Value);

    [GeneratedRegex("""[Uu]ser "(?<user>[^"]*)" cannot (?<verb>\S+) resource "(?<resource>[^"]*)" in API group""")]
    private static partial Regex Missing();
}
