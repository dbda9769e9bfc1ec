using System.Text;
using System.Text.Json;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Kubernetes.ExecPlugins;

/// <summary>The input of an exec plugin: client-go's <c>ExecCredential</c> with a <c>spec</c>.</summary>
public static class ExecInfo
{
    /// <summary>The environment variable that holds it.</summary>
    public const string Variable = "KUBERNETES_EXEC_INFO";

    /// <summary>The JSON text.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="cluster">The cluster, included if the plugin asks for it.</param>
    public static string Of(ExecPlugin plugin, ClusterConnection cluster)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("kind", "ExecCredential");
            json.WriteString("apiVersion", plugin.ApiVersion);
            json.WriteStartObject("spec");
            if (plugin.ProvideClusterInfo)
                WriteCluster(json, plugin, cluster);
            // The plugin's standard input is /dev/null.
            json.WriteBoolean("interactive", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteCluster(Utf8JsonWriter json, ExecPlugin plugin, ClusterConnection cluster)
    {
        json.WriteStartObject("cluster");
        json.WriteString("server", cluster.Written?.Server ?? cluster.Server.AbsoluteUri);
        if (cluster.TlsServerName is { } name)
            json.WriteString("tls-server-name", name);
        if (cluster.InsecureSkipTlsVerify)
            json.WriteBoolean("insecure-skip-tls-verify", true);
        if (cluster.Written?.CertificateAuthority is { } authority)
            json.WriteBase64String("certificate-authority-data", authority);
        if (cluster.Proxy is { } proxy)
            json.WriteString("proxy-url", proxy.OriginalString);
        if (cluster.DisableCompression)
            json.WriteBoolean("disable-compression", true);
        json.WritePropertyName("config");
        json.WriteRawValue(plugin.ClusterConfig ?? "null");
        json.WriteEndObject();
    }
}
