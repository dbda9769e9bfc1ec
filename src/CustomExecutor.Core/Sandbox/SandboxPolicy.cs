using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// Which parts of the runner's host a job's script can access. All jobs run as the same user, so file permissions do
/// not protect another job's keys or the driver's access to the cluster.
/// </summary>
public sealed record SandboxPolicy
{
    /// <summary>The job's own files, always granted.</summary>
    public required IReadOnlyList<SandboxGrant> Own { get; init; }

    /// <summary>The parts of the host that every script needs, except the hidden paths in them.</summary>
    public required IReadOnlyList<SandboxGrant> Shared { get; init; }

    /// <summary>The admin's openings, granted even inside hidden paths.</summary>
    public required IReadOnlyList<SandboxOpening> Openings { get; init; }

    /// <summary>The paths that no script can access.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }

    /// <summary>Creates the policy for one job.</summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="settings">The admin's settings.</param>
    /// <param name="settingsFile">The settings file; null for the built-in defaults.</param>
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
                .. HiddenPaths(runner, settings, settingsFile, attempt)
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

    private static IEnumerable<string> HiddenPaths(
        RunnerEnvironment runner,
        DriverSettings settings,
        string? settingsFile,
        AttemptPaths attempt
    )
    {
        string?[] named =
        [
            // All attempts are in the same directory, and so are all workspaces.
            Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(attempt.Root)),
            settings.Workspace.Root,
            settings.Workspace.CacheRoot,
            settingsFile,
            settings.Kubernetes.Kubeconfig,
            settings.Builder.BuildkitdConfig,
            settings.Log.Path,
            // The runner service's own files: GitLab Runner's config.toml, the cluster's configuration, its home.
            runner.Variables.GetValueOrDefault("CONFIG_FILE"),
            .. runner.Variables.GetValueOrDefault("KUBECONFIG", "").Split(':'),
            Home(runner),
            .. HostDirectories.OfRunner,
            .. settings.ScriptSandbox.Hide,
        ];
        return named.OfType<string>().Where(Path.IsPathRooted);
    }

    /// <summary>Null if the service user's home is / or another system directory, which scripts need.</summary>
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
