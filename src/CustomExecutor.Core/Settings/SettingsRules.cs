using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>
/// Checks settings that have the right shape. A null in a list or map is a mistake of the shape, which is already
/// reported.
/// </summary>
internal static class SettingsRules
{
    private const int LongestGrace = 300;

    /// <summary>
    /// Cleanup removes directories below the workspaces' root, so nothing else may use this directory.
    /// </summary>
    private static readonly string[] SharedDirectories =
    [
        "/",
        "/bin",
        "/boot",
        "/dev",
        "/dev/shm",
        "/etc",
        "/home",
        "/lib",
        "/lib64",
        "/mnt",
        "/opt",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/srv",
        "/sys",
        "/tmp",
        "/usr",
        "/usr/local",
        "/var",
        "/var/cache",
        "/var/lib",
        "/var/log",
        "/var/run",
        "/var/tmp",
    ];

    /// <summary>Adds every mistake.</summary>
    public static void Check(DriverSettings settings, SettingsMistakes mistakes)
    {
        if (!KubernetesNames.IsLabelValue(settings.Instance))
        {
            mistakes.Add(
                "instance",
                $"{Quoted(settings.Instance)} is not a valid label value: {KubernetesNames.LabelValue}"
            );
        }
        CheckKubernetes(settings.Kubernetes, mistakes);
        BuilderRules.Check(settings.Builder, mistakes);
        CheckWorkspace(settings.Workspace, mistakes);
        JobRules.Check(settings, mistakes);
        CheckEnvironment(settings.Scripts.AllowedEnvironment, mistakes);
        SandboxRules.Check(settings, mistakes);
        // The runner calls cleanup five minutes after a cancel, even if the script still runs
        // (WaitForBuildFinishTimeout in its source).
        if (settings.Scripts.TerminationGraceSeconds is < 0 or >= LongestGrace)
        {
            mistakes.Add(
                "scripts.terminationGraceSeconds",
                $"{settings.Scripts.TerminationGraceSeconds} is not between 0 and {LongestGrace - 1} seconds"
            );
        }

        for (var i = 0; i < settings.Docker.CliPluginsExtraDirs.Count; i++)
            AbsolutePath(Item("docker.cliPluginsExtraDirs", i), settings.Docker.CliPluginsExtraDirs[i], mistakes);
        if (
            settings.Log.Path is not "stderr"
            && AbsolutePath("log.path", settings.Log.Path, mistakes, ", or \"stderr\"")
            && settings.Log.Path!.EndsWith('/')
        )
        {
            mistakes.Add("log.path", $"{Quoted(settings.Log.Path)} is a directory; name a file in it");
        }
    }

    /// <summary>Whether there is a path. Adds a mistake if it is not absolute and normalized.</summary>
    public static bool AbsolutePath(string at, string? path, SettingsMistakes mistakes, string otherwise = "")
    {
        if (path is null)
            return false;
        if (!path.StartsWith('/'))
            mistakes.Add(at, $"{Quoted(path)} is not an absolute path (like /var/lib/custom-executor){otherwise}");
        else if (path.Any(char.IsControl))
            mistakes.Add(at, $"{Quoted(path)} has a control character");
        else if (path.Split('/').Any(part => part is "." or ".."))
            mistakes.Add(at, $"{Quoted(path)} contains . or ..; write the path without them");
        else
            return true;
        return false;
    }

    private static void CheckKubernetes(KubernetesSettings settings, SettingsMistakes mistakes)
    {
        AbsolutePath("kubernetes.kubeconfig", settings.Kubeconfig, mistakes);
        if (settings.Context is { } context && string.IsNullOrWhiteSpace(context))
        {
            mistakes.Add(
                "kubernetes.context",
                $"{Quoted(context)} is not a context's name; leave it out to use the kubeconfig's current context"
            );
        }

        if (!KubernetesNames.IsDnsLabel(settings.Namespace))
        {
            mistakes.Add(
                "kubernetes.namespace",
                $"{Quoted(settings.Namespace)} is not a valid namespace name: {KubernetesNames.DnsLabel}"
            );
        }
    }

    private static void CheckWorkspace(WorkspaceSettings settings, SettingsMistakes mistakes)
    {
        var hasRoot = AbsolutePath("workspace.root", settings.Root, mistakes);
        var hasCache = AbsolutePath("workspace.cacheRoot", settings.CacheRoot, mistakes);
        if (hasRoot && SharedDirectories.Contains(SandboxPath.Plain(settings.Root)))
        {
            mistakes.Add(
                "workspace.root",
                $"{Quoted(settings.Root)} is also used by others, and cleanup removes directories below it; use a "
                    + $"separate directory (like {new WorkspaceSettings().Root})"
            );
        }

        if (
            hasRoot
            && hasCache
            && mistakes.WasRead("workspace.root")
            && SandboxPath.IsWithin(SandboxPath.Plain(settings.CacheRoot!), SandboxPath.Plain(settings.Root))
        )
        {
            mistakes.Add(
                "workspace.cacheRoot",
                $"{Quoted(settings.CacheRoot!)} is inside workspace.root ({DisplayText.Of(settings.Root)}), which "
                    + "cleanup removes files from; use a directory elsewhere"
            );
        }
    }

    private static void CheckEnvironment(IReadOnlyList<string> names, SettingsMistakes mistakes)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is { } name && MistakeOfVariable(name) is { } mistake)
                mistakes.Add(Item("scripts.allowedEnvironment", i), $"{Quoted(name)} {mistake}");
        }
    }

    private static string? MistakeOfVariable(string name) =>
        name switch
        {
            "" => "is not a variable name; leave it out",
            "*" => "would show scripts all variables of the runner service, including its tokens; list the names that "
                + "they need",
            _ when name.Contains('=') => "has a value; write only the name, the runner service has the value",
            _ when name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) =>
                "is not a valid variable name: it has a space or control character",
            _ when name.IndexOf('*') is >= 0 and var star && star < name.Length - 1 =>
                "has a * before its end; a * is only allowed at the end",
            _ when name.StartsWith(RunnerEnvironment.JobVariablePrefix, StringComparison.Ordinal) =>
                "is a job variable; leave it out, scripts get job variables without the prefix "
                    + $"{RunnerEnvironment.JobVariablePrefix} anyway",
            _ => null,
        };
}
