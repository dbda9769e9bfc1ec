using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Builder;

/// <summary>
/// The pod that owns builders: the runner's own, where it runs in the builders' namespace. When that pod is deleted,
/// Kubernetes deletes its builders, for no driver is left that could.
/// </summary>
public sealed record OwnerPod(string Name, string Uid)
{
    /// <summary>The variables of the runner's service that say which pod it is, by the downward API.</summary>
    public const string NameVariable = "CUSTOM_EXECUTOR_POD_NAME";

    public const string UidVariable = "CUSTOM_EXECUTOR_POD_UID";

    public const string NamespaceVariable = "CUSTOM_EXECUTOR_POD_NAMESPACE";

    /// <summary>The owner for builders in a namespace. Kubernetes knows none across namespaces: it would take such an
    /// owner for gone and the builder with it.</summary>
    /// <param name="runner">The driver's environment; the runner's own part of it is trusted.</param>
    /// <param name="namespace">The builders' namespace.</param>
    /// <param name="mistake">Why there is none although the environment speaks of one; else null.</param>
    public static OwnerPod? Of(RunnerEnvironment runner, string @namespace, out string? mistake)
    {
        var (name, uid, home) = (
            Value(runner, NameVariable),
            Value(runner, UidVariable),
            Value(runner, NamespaceVariable)
        );
        mistake = null;
        if (name is null && uid is null && home is null)
            return null;
        if (name is null || !KubernetesNames.IsDnsName(name))
            mistake = $"{NameVariable} is not a valid pod name";
        else if (!Guid.TryParseExact(uid, "D", out _))
            mistake = $"{UidVariable} is not a valid uid";
        else if (home is null || !KubernetesNames.IsDnsLabel(home))
            mistake = $"{NamespaceVariable} is not a valid namespace name";
        if (mistake is null)
            return home == @namespace ? new OwnerPod(name!, uid!) : null;
        mistake +=
            ": the builder gets no owner. The three come from metadata.name, metadata.uid and metadata.namespace "
            + "by the downward API";
        return null;
    }

    private static string? Value(RunnerEnvironment runner, string name) =>
        runner.Variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
