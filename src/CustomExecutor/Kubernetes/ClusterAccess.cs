using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Core.Settings;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Kubernetes.Credentials;
using Serilog;
using Serilog.Core;

namespace CustomExecutor.Kubernetes;

/// <summary>Finds the cluster that the admin means and opens a client to it.</summary>
internal static class ClusterAccess
{
    /// <summary>
    /// The client for a named kubeconfig, else for the service account of the pod that the runner runs in, else for
    /// <c>$KUBECONFIG</c> or <c>~/.kube/config</c>. Nothing is sent yet, and no plugin runs.
    /// </summary>
    /// <param name="settings">The kubeconfig and its context, if they name any.</param>
    /// <param name="time">The clock.</param>
    /// <param name="admin">Where an exec plugin's error output goes; null where there is no log.</param>
    /// <exception cref="DriverException">No configuration is found, or it has mistakes.</exception>
    public static ClusterClient Open(KubernetesSettings settings, TimeProvider time, ILogger? admin = null)
    {
        var connection = Read(settings);
        return ClusterHttp.Open(
            connection,
            ClusterCredentials.Of(connection, () => Read(settings), time, admin ?? Logger.None),
            time
        );
    }

    /// <summary>The files that the configuration leads to: kubeconfigs, keys, certificates, tokens, and what plugins
    /// are given.</summary>
    /// <exception cref="DriverException">It can't be read.</exception>
    public static IReadOnlyList<string> FilesOf(KubernetesSettings settings)
    {
        var connection = Read(settings);
        return [.. connection.Files.Union(connection.PluginPaths.Where(IsSecret))];
    }

    /// <summary>What a plugin is given is hidden where it is a file but no program, which scripts may use as
    /// well.</summary>
    private static bool IsSecret(string path)
    {
        try
        {
            return File.Exists(path)
                && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.OtherExecute)) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static ClusterConnection Read(KubernetesSettings settings) =>
        settings is { Kubeconfig: null, Context: null } && ServiceAccount.OfThisPod.Exists
            ? ServiceAccount.OfThisPod.Read()
            : KubeconfigSource.Read(settings, Environment.GetEnvironmentVariable("KUBECONFIG"));
}
