using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Kubernetes;

/// <summary>Finds the kubeconfig files and reads them.</summary>
internal static class KubeconfigSource
{
    /// <summary>The connection of the kubeconfig that the settings name, else of <c>$KUBECONFIG</c>, else of
    /// <c>~/.kube/config</c>.</summary>
    /// <param name="settings">The file and the context.</param>
    /// <param name="list">What <c>KUBECONFIG</c> says.</param>
    /// <exception cref="DriverException">There is none, or it has mistakes.</exception>
    public static ClusterConnection Read(KubernetesSettings settings, string? list)
    {
        var (origin, paths) = Find(settings.Kubeconfig, list);
        // One that is named must exist; of a list, those that do not are skipped.
        var files = paths
            .Select(path => (path, ConfigurationFile.Read(path)))
            .Where(file => Exists(file.path))
            .ToList();
        if (files.Count == 0)
        {
            var missing = paths.Count == 0 ? "names no file" : $"{(paths.Count == 1 ? "does" : "do")} not exist";
            throw new DriverException(
                $"No cluster is configured: {origin} {missing}. Set kubernetes.kubeconfig in the settings, or run "
                    + "the runner in the cluster with a service account."
            );
        }

        var connection = KubeconfigReader.Read(files, settings.Context, origin, ConfigurationFile.Read);
        // Those of the list that do not exist yet are hidden too.
        return connection with { Files = [.. connection.Files.Union(paths)] };
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static (string Origin, IReadOnlyList<string> Paths) Find(string? named, string? list)
    {
        if (named is not null)
            return ($"kubernetes.kubeconfig {DisplayText.Of(named)}", [Path.GetFullPath(named)]);
        if (list is { Length: > 0 })
        {
            return (
                $"KUBECONFIG {DisplayText.Of(list)}",
                [
                    .. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                        .Select(Path.GetFullPath)
                        .Distinct(),
                ]
            );
        }

        var usual = Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return ($"kubeconfig {usual}", [usual]);
    }
}
