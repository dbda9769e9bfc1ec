using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.JobPod;

/// <summary>By which host names a job reaches a service (<c>SplitNameAndVersion</c> and <c>createServicesHostAlias</c>
/// in GitLab Runner's source).</summary>
internal static class ServiceNames
{
    /// <summary>The image's name without port, tag and digest, with slashes as two underscores or a hyphen, and the
    /// author's aliases; as far as they can be host names in a pod.</summary>
    /// <param name="service">The service, which has a name.</param>
    /// <param name="warnings">Takes the aliases that can't; the image's own names are dropped in silence, as with
    /// GitLab's executor: Kubernetes takes no underscore.</param>
    public static IReadOnlyList<string> Of(JobImage service, List<string> warnings)
    {
        var path = Path(service.Name!);
        List<string> names =
        [
            .. new[]
            {
                path.Replace("/", "__", StringComparison.Ordinal),
                path.Replace("/", "-", StringComparison.Ordinal),
            }.Where(KubernetesNames.IsDnsName),
        ];
        foreach (var alias in service.Aliases)
        {
            if (KubernetesNames.IsDnsName(alias))
            {
                names.Add(alias);
                continue;
            }

            warnings.Add(
                $"The alias {DisplayText.Of(alias, 100)} of service {DisplayText.Of(service.Name!, 100)} is not used: "
                    + $"it is not a valid host name ({KubernetesNames.DnsName})."
            );
        }

        return [.. names.Distinct()];
    }

    /// <summary>The image's registry and path, without port, tag and digest.</summary>
    public static string Path(string image)
    {
        var path = image.Split('@')[0];
        if (path.LastIndexOf(':') is > 0 and var tag && path.IndexOf('/', tag) < 0)
            path = path[..tag];
        if (path.IndexOf('/') is > 0 and var slash && path.LastIndexOf(':', slash) is > 0 and var port)
            path = path[..port] + path[slash..];
        return path;
    }
}
