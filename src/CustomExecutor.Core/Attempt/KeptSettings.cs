using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Attempt;

/// <summary>
/// The settings by which cleanup finds again what prepare has made, for the case that the file has changed or can't be
/// read any more: an admin's slip while jobs run leaves nothing behind.
/// </summary>
public sealed record KeptSettings
{
    public required string Instance { get; init; }

    public required string WorkspaceRoot { get; init; }

    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    /// <summary>What is to be kept of settings.</summary>
    public static KeptSettings Of(DriverSettings settings) =>
        new()
        {
            Instance = settings.Instance,
            WorkspaceRoot = settings.Workspace.Root,
            Kubeconfig = settings.Kubernetes.Kubeconfig,
            Context = settings.Kubernetes.Context,
        };

    /// <summary>The settings as far as cleanup needs them.</summary>
    public DriverSettings ToSettings(string @namespace) =>
        new()
        {
            Instance = Instance,
            Kubernetes = new KubernetesSettings
            {
                Kubeconfig = Kubeconfig,
                Context = Context,
                Namespace = @namespace,
            },
            Workspace = new WorkspaceSettings { Root = WorkspaceRoot },
        };

    /// <summary>Half a sentence if these can't be what <see cref="Of"/> keeps of sound settings, for a script may have
    /// written them; else null.</summary>
    internal string? Mistake()
    {
        if (Instance is null || !KubernetesNames.IsLabelValue(Instance))
            return $"names '{DisplayText.Of(Instance ?? "")}', which is not an instance";
        var mistakes = new SettingsMistakes();
        if (!SettingsRules.AbsolutePath("", WorkspaceRoot, mistakes))
            return "names no workspace root";
        SettingsRules.AbsolutePath("", Kubeconfig, mistakes);
        return mistakes.Lines.Count == 0 ? null : "names no kubeconfig";
    }
}
