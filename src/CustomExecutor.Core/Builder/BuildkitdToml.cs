using System.Globalization;
using k8s.Models;

namespace CustomExecutor.Core.Builder;

/// <summary>The driver's own buildkitd.toml.</summary>
public static class BuildkitdToml
{
    /// <summary>
    /// Left alone, BuildKit sizes its cache by the node's whole file system and so grows past the volume's limit, for
    /// which the kubelet evicts the pod. It gets four fifths of the limit; the rest is for what a running step writes.
    /// </summary>
    /// <param name="stateSizeLimit">The state volume's limit, a Kubernetes quantity.</param>
    public static string For(string stateSizeLimit)
    {
        // BuildKit reads "MB" as 1024 * 1024 too.
        var mebibytes = (long)(new ResourceQuantity(stateSizeLimit).ToDecimal() * 4 / 5 / (1024 * 1024));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            [worker.oci]
              gc = true
              maxUsedSpace = "{Math.Max(mebibytes, 1)}MiB"

            """
        );
    }
}
