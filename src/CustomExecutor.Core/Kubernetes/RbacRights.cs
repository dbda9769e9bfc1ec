using System.Text.RegularExpressions;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>A right that the driver's account lacks (RBAC): the server names verb and resource.</summary>
internal static partial class RbacRights
{
    public static string Remedy(string message)
    {
        if (Missing().Match(message) is not { Success: true } missing)
        {
            return "The driver's account lacks a right, or a policy objects: config/kubernetes/role.yaml lists the "
                + "rights that are needed.";
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
