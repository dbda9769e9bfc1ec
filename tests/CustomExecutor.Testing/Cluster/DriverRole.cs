using System.Text.RegularExpressions;
using k8s.Models;

namespace CustomExecutor.Testing.Cluster;

/// <summary>The rights that an admin is told to give the driver: those of config/kubernetes/role.yaml.</summary>
internal static partial class DriverRole
{
    /// <summary>The Role's rules, as the file that admins copy says them.</summary>
    public static V1PolicyRule[] Rules { get; } =
    [
        .. Rule()
            .Matches(File.ReadAllText(RepositoryFile.PathOf("config/kubernetes/role.yaml")))
            .Select(rule => new V1PolicyRule
            {
                ApiGroups = [""],
                Resources = rule.Groups["resources"].Value.Split(", "),
                Verbs = rule.Groups["verbs"].Value.Split(", "),
            }),
    ];

    // The client library for NativeAOT reads no YAML of this kind; the file's rules have one form.
    [GeneratedRegex("""apiGroups: \[""\]\s+resources: \[(?<resources>[a-z/, ]+)\]\s+verbs: \[(?<verbs>[a-z, ]+)\]""")]
    private static partial Regex Rule();
}
