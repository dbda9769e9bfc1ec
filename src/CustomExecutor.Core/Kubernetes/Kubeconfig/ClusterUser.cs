namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>A kubeconfig's user, with the credentials for the API server. It contains secrets.</summary>
public sealed record ClusterUser
{
    /// <summary>The client certificate, PEM text followed by its chain; null without one.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The certificate's key, PEM text.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The bearer token; null without one.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// <c>tokenFile</c>, absolute. It is read again when it is rotated, and takes precedence over <see cref="Token"/>.
    /// </summary>
    public string? TokenFile { get; init; }

    /// <summary><c>username</c> and <c>password</c>: HTTP basic authentication.</summary>
    public string? Username { get; init; }

    /// <summary>See <see cref="Username"/>.</summary>
    public string? Password { get; init; }

    /// <summary>The exec plugin that provides the credentials; null without one.</summary>
    public ExecPlugin? Exec { get; init; }

    /// <summary><c>as</c> and its siblings; null without impersonation.</summary>
    public Impersonation? Impersonate { get; init; }

    /// <summary>Omits the secrets.</summary>
    public override string ToString() => nameof(ClusterUser);
}

/// <summary>The user to impersonate, with the headers <c>Impersonate-*</c>.</summary>
/// <param name="User"><c>as</c>.</param>
/// <param name="Uid"><c>as-uid</c>; null without one.</param>
/// <param name="Groups"><c>as-groups</c>.</param>
/// <param name="Extra"><c>as-user-extra</c>.</param>
public sealed record Impersonation(
    string User,
    string? Uid,
    IReadOnlyList<string> Groups,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Extra
);

/// <summary>A kubeconfig's <c>exec</c>: a program that prints credentials.</summary>
public sealed record ExecPlugin
{
    /// <summary><c>apiVersion</c>: <c>client.authentication.k8s.io/v1</c> or <c>v1beta1</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The program: an absolute path, or a name that is looked up in <c>PATH</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, as written.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables to add to this process's environment. They may contain secrets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary><c>installHint</c>; null without one.</summary>
    public string? InstallHint { get; init; }

    /// <summary><c>provideClusterInfo</c>.</summary>
    public bool ProvideClusterInfo { get; init; }

    /// <summary><c>interactiveMode</c>: <c>Never</c>, <c>IfAvailable</c> or <c>Always</c>.</summary>
    public required string InteractiveMode { get; init; }

    /// <summary>The cluster's extension <c>client.authentication.k8s.io/exec</c> as JSON text; null without
    /// one.</summary>
    public string? ClusterConfig { get; init; }

    /// <summary>Omits arguments and environment.</summary>
    public override string ToString() => $"{nameof(ExecPlugin)} {Command}";
}
