namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>A context: a cluster and a user. Its namespace is not used, because the settings specify one.</summary>
/// <param name="File">The kubeconfig file that contains it.</param>
/// <param name="Cluster"><c>cluster</c>.</param>
/// <param name="User"><c>user</c>.</param>
internal sealed record KubeconfigContext(string File, string? Cluster, string? User);

/// <summary>A cluster as written, with absolute paths.</summary>
internal sealed record KubeconfigCluster(string File)
{
    public string? Server { get; init; }

    public string? TlsServerName { get; init; }

    public bool InsecureSkipTlsVerify { get; init; }

    public string? CertificateAuthority { get; init; }

    public byte[]? CertificateAuthorityData { get; init; }

    public string? ProxyUrl { get; init; }

    public bool DisableCompression { get; init; }

    /// <summary>The extension <c>client.authentication.k8s.io/exec</c> as JSON text.</summary>
    public string? ExecConfig { get; init; }
}

/// <summary>A user as written, with absolute paths. It contains secrets.</summary>
internal sealed record KubeconfigUser(string File)
{
    public string? ClientCertificate { get; init; }

    public byte[]? ClientCertificateData { get; init; }

    public string? ClientKey { get; init; }

    public byte[]? ClientKeyData { get; init; }

    public string? Token { get; init; }

    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public string? As { get; init; }

    public string? AsUid { get; init; }

    public IReadOnlyList<string> AsGroups { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> AsUserExtra { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The name of <c>auth-provider</c>; null without one.</summary>
    public string? AuthProvider { get; init; }

    public KubeconfigExec? Exec { get; init; }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(KubeconfigUser);
}

/// <summary>
/// A user's <c>exec</c> as written, with an absolute path if the command is a path. It may contain secrets.
/// </summary>
internal sealed record KubeconfigExec
{
    public string? Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyList<(string? Name, string Value)> Environment { get; init; } = [];

    public string? ApiVersion { get; init; }

    public string? InstallHint { get; init; }

    public bool ProvideClusterInfo { get; init; }

    public string? InteractiveMode { get; init; }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(KubeconfigExec);
}

/// <summary>The content of one kubeconfig file, or of several merged ones.</summary>
internal sealed record KubeconfigEntries
{
    public string? CurrentContext { get; init; }

    public IReadOnlyDictionary<string, KubeconfigContext> Contexts { get; init; } =
        new Dictionary<string, KubeconfigContext>();

    public IReadOnlyDictionary<string, KubeconfigCluster> Clusters { get; init; } =
        new Dictionary<string, KubeconfigCluster>();

    public IReadOnlyDictionary<string, KubeconfigUser> Users { get; init; } = new Dictionary<string, KubeconfigUser>();

    /// <summary>
    /// client-go's merge: for each name, the whole entry of the first file that has it; for <c>current-context</c>, the
    /// first that is not empty.
    /// </summary>
    public static KubeconfigEntries Merge(IReadOnlyList<KubeconfigEntries> files) =>
        new()
        {
            CurrentContext = files.Select(f => f.CurrentContext).FirstOrDefault(name => name is not null),
            Contexts = First(files.Select(f => f.Contexts)),
            Clusters = First(files.Select(f => f.Clusters)),
            Users = First(files.Select(f => f.Users)),
        };

    private static Dictionary<string, T> First<T>(IEnumerable<IReadOnlyDictionary<string, T>> files)
    {
        var merged = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, entry) in files.SelectMany(f => f))
            merged.TryAdd(name, entry);
        return merged;
    }
}
