namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>Checks a user's <c>exec</c>, by the rules of client-go.</summary>
internal sealed class ExecReader(KubeconfigExec exec, string path, string file, KubeconfigMistakes mistakes)
{
    private const string Beta = "client.authentication.k8s.io/v1beta1";

    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", Beta];

    private static readonly string[] Modes = ["Never", "IfAvailable", "Always"];

    /// <summary>The plugin; null if it has a mistake.</summary>
    /// <param name="clusterConfig">The cluster's configuration for exec plugins.</param>
    public ExecPlugin? Read(string? clusterConfig)
    {
        if (exec.Command is null)
            Add("command", "is missing. Name the plugin's program.");
        if (exec.ApiVersion is null)
        {
            Add("apiVersion", $"is missing. Set {string.Join(" or ", Versions)}.");
        }
        else if (!Versions.Contains(exec.ApiVersion))
        {
            Add(
                "apiVersion",
                $"\"{DisplayText.Of(exec.ApiVersion)}\" is not supported. Set {string.Join(" or ", Versions)}, as "
                    + "the plugin supports."
            );
        }
        // Version v1 requires a mode. The older version has a default.
        var mode = exec.InteractiveMode ?? (exec.ApiVersion == Beta ? "IfAvailable" : null);
        if (!Modes.Contains(mode))
            Add("interactiveMode", $"must be {string.Join(", ", Modes)}.");
        if (exec.Environment.Any(variable => variable.Name is null))
            Add("env", "has an entry without a name.");
        if (exec.Environment.Any(variable => variable.Name?.Contains('=') == true))
            Add("env", "has a name with '='.");
        return exec.Command is null || exec.ApiVersion is null || mode is null
            ? null
            : new ExecPlugin
            {
                ApiVersion = exec.ApiVersion,
                Command = exec.Command,
                Arguments = exec.Arguments,
                Environment = Environment(),
                InstallHint = exec.InstallHint,
                ProvideClusterInfo = exec.ProvideClusterInfo,
                InteractiveMode = mode,
                ClusterConfig = clusterConfig,
            };
    }

    /// <summary>If a name occurs twice, the last value wins.</summary>
    private Dictionary<string, string> Environment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in exec.Environment)
            variables[name ?? ""] = value;
        return variables;
    }

    private void Add(string field, string sentence) =>
        mistakes.Add(file, KubeconfigMistakes.Path(path, field), sentence);
}
