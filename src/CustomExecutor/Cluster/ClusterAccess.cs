using CustomExecutor.Core.Job;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host;
using k8s;
using k8s.Authentication;

namespace CustomExecutor.Cluster;

/// <summary>Finds the cluster that the admin means and opens a client to it.</summary>
internal static class ClusterAccess
{
    /// <summary>How long one API call may take; watches have no such bound. It never comes before a try's own.</summary>
    private static readonly TimeSpan CallTimeout = ApiRetries.LongestTry + TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A connection that answers nothing for so long, and then no ping for as long again, is dead: all calls on it fail and get a new one.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The client for a named kubeconfig, else for the service account of the pod that the runner runs in, else for <c>$KUBECONFIG</c> or
    /// <c>~/.kube/config</c>. Nothing is sent yet.
    /// </summary>
    /// <exception cref="DriverException">No configuration is found, or it can't be read.</exception>
    public static Kubernetes Open(KubernetesSettings settings)
    {
        try
        {
            return OpenAs(settings);
        }
        catch (Exception e) when (e is not DriverException)
        {
            // The library throws whatever its YAML reader and OpenSSL do.
            var named = settings.Kubeconfig;
            var cause = e is NullReferenceException or InvalidCastException ? "it is no kubeconfig" : DisplayText.Of(e.Message, 400);
            throw new DriverException($"The cluster's configuration ({Origin(named)} {named ?? Default()}) can't be used: {cause}", inner: e);
        }
    }

    /// <summary>The files that the kubeconfig, if there is one, names besides itself: keys, certificates, tokens.</summary>
    /// <exception cref="DriverException">It can't be read.</exception>
    public static IReadOnlyList<string> FilesOf(KubernetesSettings settings)
    {
        if (IsServiceAccounts(settings)) return [];
        var path = settings.Kubeconfig ?? Default();
        var text = SettingsFile.Text(path, Origin(settings.Kubeconfig));
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        var config = KubernetesClientConfiguration.LoadKubeConfig(stream);
        var users = (config.Users ?? []).Select(u => u.UserCredentials).OfType<k8s.KubeConfigModels.UserCredentials>().SelectMany(u => new[] { u.ClientCertificate, u.ClientKey });
        var clusters = (config.Clusters ?? []).Select(c => c.ClusterEndpoint?.CertificateAuthority);
        return [.. users.Concat(clusters).OfType<string>().Select(file => Path.GetFullPath(file, Path.GetDirectoryName(Path.GetFullPath(path))!)).Append(Path.GetFullPath(path)).Distinct()];
    }

    private static bool IsServiceAccounts(KubernetesSettings settings) =>
        settings.Kubeconfig is null && settings.Context is null && KubernetesClientConfiguration.IsInCluster();

    private static Kubernetes OpenAs(KubernetesSettings settings)
    {
        var configuration = Configure(settings);
        configuration.HttpClientTimeout = CallTimeout;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.ConnectTimeout = ConnectTimeout;
            (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (KeepAlive, KeepAlive);
        };
        configuration.UserAgent = $"custom-executor/{DriverVersion.Text}";
        // With a CA of its own the cluster needs none of the host's 140 CA files, which take 60 ms to read.
        if (configuration.SslCaCerts is { Count: > 0 }) SystemTrustStore.Skip();
        if (TokenOf(configuration) is not { } first) return new Kubernetes(configuration, new WholeAnswers());
        var token = new RenewableToken(first, () => TokenOf(Configure(settings)));
        configuration.TokenProvider = token;
        return new Kubernetes(configuration, new WholeAnswers(), new TokenRenewal(token));
    }

    private static ITokenProvider? TokenOf(KubernetesClientConfiguration configuration) =>
        configuration.TokenProvider ?? (configuration.AccessToken is { Length: > 0 } token ? new StringTokenProvider(token, "Bearer") : null);

    private static KubernetesClientConfiguration Configure(KubernetesSettings settings)
    {
        var named = settings.Kubeconfig;
        if (IsServiceAccounts(settings)) return KubernetesClientConfiguration.InClusterConfig();
        var path = named ?? Default();
        return File.Exists(path)
            ? KubernetesClientConfiguration.BuildConfigFromConfigFile(path, settings.Context)
            : throw new DriverException($"No cluster is configured: {Origin(named)} {path} does not exist. Set kubernetes.kubeconfig in the settings, or run the runner in the cluster with a service account.");
    }

    private static string Origin(string? named) => named is null ? "kubeconfig" : "kubernetes.kubeconfig";

    private static string Default() =>
        // A list of files is merged by kubectl alone; its first is what it writes to.
        Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)[0]
            : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
}
