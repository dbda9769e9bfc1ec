using System.Text.Json.Nodes;
using CustomExecutor.Core.Kubernetes.Yaml;

namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>Parses one kubeconfig file: all fields of client-go's <c>Config</c> v1, each with its type.</summary>
internal static class KubeconfigParser
{
    /// <summary>
    /// The extension of a cluster with the configuration for exec plugins (client-go's clusterExtensionKey).
    /// </summary>
    private const string ExecExtension = "client.authentication.k8s.io/exec";

    /// <summary>Parses a file.</summary>
    /// <param name="file">Its absolute path.</param>
    /// <param name="content">Its whole content.</param>
    /// <param name="mistakes">Receives the mistakes.</param>
    public static KubeconfigEntries Parse(string file, ReadOnlySpan<byte> content, KubeconfigMistakes mistakes)
    {
        JsonNode? document;
        try
        {
            document = YamlDocument.Read(content);
        }
        catch (YamlSyntaxException e)
        {
            mistakes.Add(file, "", e.Message);
            return new KubeconfigEntries();
        }

        if (document is null)
            return new KubeconfigEntries();
        if (document is JsonObject fields)
            return Read(file, new KubeconfigObject(file, "", fields, mistakes), mistakes);
        mistakes.Add(file, "", "is not a kubeconfig: it must be a mapping with contexts, clusters and users.");
        return new KubeconfigEntries();
    }

    private static KubeconfigEntries Read(string file, KubeconfigObject root, KubeconfigMistakes mistakes)
    {
        if (root.Text("apiVersion") is { } version and not "v1")
            mistakes.Add(file, "apiVersion", "must be v1.");
        if (root.Text("kind") is { } kind and not "Config")
            mistakes.Add(file, "kind", "must be Config.");
        root.Object("preferences")?.Flag("colors");
        root.Object("preferences")?.Extensions();
        root.Extensions();
        var directory = Path.GetDirectoryName(file)!;
        return new KubeconfigEntries
        {
            CurrentContext = root.Text("current-context"),
            Contexts = root.Named("contexts", "context", context => Context(file, context)),
            Clusters = root.Named("clusters", "cluster", cluster => Cluster(file, directory, cluster)),
            Users = root.Named("users", "user", user => User(file, directory, user)),
        };
    }

    private static KubeconfigContext Context(string file, KubeconfigObject context)
    {
        context.Text("namespace");
        context.Extensions();
        return new KubeconfigContext(file, context.Text("cluster"), context.Text("user"));
    }

    private static KubeconfigCluster Cluster(string file, string directory, KubeconfigObject cluster) =>
        new(file)
        {
            Server = cluster.Text("server"),
            TlsServerName = cluster.Text("tls-server-name"),
            InsecureSkipTlsVerify = cluster.Flag("insecure-skip-tls-verify"),
            CertificateAuthority = Absolute(cluster.Text("certificate-authority"), directory),
            CertificateAuthorityData = cluster.Data("certificate-authority-data"),
            ProxyUrl = cluster.Text("proxy-url"),
            DisableCompression = cluster.Flag("disable-compression"),
            ExecConfig = cluster.Extensions().GetValueOrDefault(ExecExtension)?.ToJsonString(),
        };

    private static KubeconfigUser User(string file, string directory, KubeconfigObject user)
    {
        user.Extensions();
        return new(file)
        {
            ClientCertificate = Absolute(user.Text("client-certificate"), directory),
            ClientCertificateData = user.Data("client-certificate-data"),
            ClientKey = Absolute(user.Text("client-key"), directory),
            ClientKeyData = user.Data("client-key-data"),
            Token = user.Text("token"),
            TokenFile = Absolute(user.Text("tokenFile"), directory),
            Username = user.Text("username"),
            Password = user.Text("password"),
            As = user.Text("as"),
            AsUid = user.Text("as-uid"),
            AsGroups = user.Texts("as-groups"),
            AsUserExtra = user.TextLists("as-user-extra"),
            AuthProvider = user.Object("auth-provider") is { } provider ? AuthProvider(provider) : null,
            Exec = user.Object("exec") is { } exec ? Exec(exec, directory) : null,
        };
    }

    private static string AuthProvider(KubeconfigObject provider)
    {
        provider.CheckTexts("config");
        return provider.Text("name") ?? "";
    }

    private static KubeconfigExec Exec(KubeconfigObject exec, string directory) =>
        new()
        {
            // A name without a slash is looked up in PATH. A path is relative to the file's directory (client-go's
            // GetAuthInfoFileReferences).
            Command =
                exec.Text("command") is { } command && command.Contains('/')
                    ? Absolute(command, directory)
                    : exec.Text("command"),
            Arguments = exec.Texts("args"),
            Environment =
            [
                .. exec.Objects("env").Select(variable => (variable.Text("name"), variable.Text("value") ?? "")),
            ],
            ApiVersion = exec.Text("apiVersion"),
            InstallHint = exec.Text("installHint"),
            ProvideClusterInfo = exec.Flag("provideClusterInfo"),
            InteractiveMode = exec.Text("interactiveMode"),
        };

    private static string? Absolute(string? path, string directory) =>
        path is null ? null : Path.GetFullPath(path, directory);
}
