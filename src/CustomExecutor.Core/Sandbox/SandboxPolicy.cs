using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// What of the runner's host one job's script may reach. All jobs run as one user, so permissions keep none of them
/// from another's keys, nor from the driver's rights on the cluster.
/// </summary>
public sealed record SandboxPolicy
{
    /// <summary>The job's own files: granted wherever they lie.</summary>
    public required IReadOnlyList<SandboxGrant> Own { get; init; }

    /// <summary>What every script needs of the host, but for what is hidden in it.</summary>
    public required IReadOnlyList<SandboxGrant> Shared { get; init; }

    /// <summary>What the admin opens: granted also within what is hidden.</summary>
    public required IReadOnlyList<SandboxOpening> Openings { get; init; }

    /// <summary>What no script may reach.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }

    /// <summary>The policy for one job.</summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="settings">The admin's settings.</param>
    /// <param name="settingsFile">Where they lie; null for the built-in defaults.</param>
    /// <param name="attempt">The attempt's files.</param>
    /// <param name="workspace">The job's workspace.</param>
    public static SandboxPolicy Of(
        RunnerEnvironment runner,
        DriverSettings settings,
        string? settingsFile,
        AttemptPaths attempt,
        Workspace workspace
    ) =>
        new()
        {
            Own =
            [
                .. attempt.Own.Select(path => new SandboxGrant(path, SandboxAccess.Full)),
                new(workspace.Directory, SandboxAccess.Full),
                .. workspace.CacheDirectory.StartsWith(workspace.Directory, StringComparison.Ordinal)
                    ? []
                    : (SandboxGrant[])[new(workspace.CacheDirectory, SandboxAccess.Full)],
            ],
            Shared =
            [
                .. HostDirectories.System.Select(path => new SandboxGrant(path, SandboxAccess.Read)),
                new(HostDirectories.Devices, SandboxAccess.Device),
                .. HostDirectories.Temporary.Select(path => new SandboxGrant(path, SandboxAccess.Full)),
            ],
            Openings =
            [
                .. Opened(SandboxOpening.Allow, settings.ScriptSandbox.Allow, SandboxAccess.Full),
                .. Opened(SandboxOpening.DockerPlugins, settings.Docker.CliPluginsExtraDirs, SandboxAccess.Read),
                .. Opened(SandboxOpening.Variable, ProgramDirectories(runner), SandboxAccess.Read),
            ],
            Hidden =
            [
                .. HiddenOf(runner, settings, settingsFile, attempt)
                    .Select(SandboxPath.Plain)
                    .Where(path => path != "/")
                    .Distinct(),
            ],
        };

    private static IEnumerable<SandboxOpening> Opened(string source, IEnumerable<string> paths, SandboxAccess access) =>
        paths.Select(path => new SandboxOpening(source, SandboxPath.Plain(path), access));

    private static IEnumerable<string> ProgramDirectories(RunnerEnvironment runner) =>
        runner
            .Variables.GetValueOrDefault("PATH", "")
            .Split(':')
            .Where(Path.IsPathRooted)
            .Where(path => SandboxPath.Plain(path) != "/");

    private static IEnumerable<string> HiddenOf(
        RunnerEnvironment runner,
        DriverSettings settings,
        string? settingsFile,
        AttemptPaths attempt
    )
    {
        string?[] named =
        [
            // All attempts and all workspaces lie side by side.
            Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(attempt.Root)),
            settings.Workspace.Root,
            settings.Workspace.CacheRoot,
            settingsFile,
            settings.Kubernetes.Kubeconfig,
            settings.Builder.BuildkitdConfig,
            settings.Log.Path,
            // What the runner's service has of its own: GitLab Runner's config.toml, the cluster's configuration, its
            // home.
            runner.Variables.GetValueOrDefault("CONFIG_FILE"),
            .. runner.Variables.GetValueOrDefault("KUBECONFIG", "").Split(':'),
            Home(runner),
            .. HostDirectories.OfRunner,
            .. settings.ScriptSandbox.Hide,
        ];
        return named.OfType<string>().Where(Path.IsPathRooted);
    }

    /// <summary>A service user's home may be / or another directory of the system's: then it is no place of its
    /// own.</summary>
    private static string? Home(RunnerEnvironment runner)
    {
        if (runner.Variables.GetValueOrDefault("HOME") is not { } variable || !Path.IsPathRooted(variable))
            return null;
        var home = SandboxPath.Plain(variable);
        return HostDirectories
            .System.Concat(HostDirectories.Temporary)
            .Append(HostDirectories.Devices)
            .Any(path => SandboxPath.IsWithin(path, home))
            ? null
            : home;
    }
}
