using System.Runtime.InteropServices;

namespace CustomExecutor.Core.Builder;

/// <summary>
/// The nodes that can run a builder. The scheduler does not look into an image: without these labels it takes a Windows
/// node, or any architecture of a mixed cluster, and a build would then be for that architecture by chance.
/// </summary>
public static class NodeLabels
{
    private const string Os = "kubernetes.io/os";
    private const string Arch = "kubernetes.io/arch";

    /// <summary>The pod's node selector: Linux, and the runner host's architecture as with a local Docker daemon. The
    /// settings' own labels win.</summary>
    public static Dictionary<string, string> For(BuilderSpec spec)
    {
        var labels = new Dictionary<string, string> { [Os] = "linux", [Arch] = spec.Architecture };
        foreach (var (key, value) in spec.Settings.NodeSelector)
            labels[key] = value;
        return labels;
    }

    /// <summary>The architecture of the nodes that may run it, the settings' own or the runner host's.</summary>
    public static string ArchitectureOf(BuilderSpec spec) =>
        spec.Settings.NodeSelector.GetValueOrDefault(Arch) is { Length: > 0 } chosen ? chosen : spec.Architecture;

    /// <summary>Kubernetes takes Go's names (<c>GOARCH</c>):
    /// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch</summary>
    public static string Architecture(Architecture host) =>
        host switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.X86 => "386",
            System.Runtime.InteropServices.Architecture.Armv6 => "arm",
            System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
            _ => host.ToString().ToLowerInvariant(), // arm64, arm, s390x, ppc64le, riscv64
        };
}
