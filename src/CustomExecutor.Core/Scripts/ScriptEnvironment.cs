using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Scripts;

/// <summary>
/// The environment of a job's script: the allowed variables of the runner's service, and those that the job's builder
/// needs.
/// </summary>
public static class ScriptEnvironment
{
    /// <summary>
    /// Only variables of the runner's service that are allowed by name are passed on: others may contain the runner's
    /// token, cloud credentials or a kubeconfig. Job variables are not included, because the runner's script exports
    /// them itself.
    /// </summary>
    /// <param name="runner">The driver's own environment.</param>
    /// <param name="settings">The allowed names. A trailing <c>*</c> matches any ending.</param>
    /// <param name="paths">The attempt's files.</param>
    /// <param name="builder">The name of the job's buildx builder.</param>
    /// <param name="hasEngine">Whether the job has a Docker Engine API for images.</param>
    public static IReadOnlyDictionary<string, string> Create(
        RunnerEnvironment runner,
        ScriptSettings settings,
        AttemptPaths paths,
        string builder,
        bool hasEngine
    )
    {
        var environment = runner
            .Variables.Where(v => settings.AllowedEnvironment.Any(allowed => Matches(v.Key, allowed)))
            .ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        foreach (var (name, value) in Defaults(paths))
            environment.TryAdd(name, value);

        // An admin who passes the service's own on has a reason.
        if (hasEngine)
            environment.TryAdd("DOCKER_HOST", $"unix://{paths.EngineSocket}");
        environment["BUILDX_BUILDER"] = builder;
        environment["BUILDX_CONFIG"] = paths.BuildxConfig;
        environment["DOCKER_CONFIG"] = paths.DockerConfig;
        environment["HOME"] = paths.Home;
        environment["TMPDIR"] = paths.Temp;
        if (environment.TryGetValue("PATH", out var path))
            environment["PATH"] = $"{paths.Programs}:{path}";
        return environment;
    }

    /// <summary>Defaults, which the admin's environment or the script itself may override.</summary>
    private static (string Name, string Value)[] Defaults(AttemptPaths paths) =>
        [
            // .NET and PowerShell listen on sockets through which other jobs of the same user could read a process's
            // environment and memory, or run code in it.
            ("DOTNET_EnableDiagnostics", "0"),
            ("POWERSHELL_DIAGNOSTICS_OPTOUT", "1"),
            // Otherwise MSBuild looks for idle workers of the same user in /tmp, possibly another job's, and sends them
            // its environment.
            ("MSBUILDDISABLENODEREUSE", "1"),
            // Java reads the home directory from the password database: the runner's home, which is closed to scripts.
            // Java's own variables would print a line at each start.
            ("MAVEN_OPTS", $"-Duser.home={paths.Home}"),
            ("GRADLE_USER_HOME", Path.Join(paths.Home, ".gradle")),
        ];

    private static bool Matches(string name, string allowed) =>
        !name.StartsWith(RunnerEnvironment.JobVariablePrefix, StringComparison.Ordinal)
        && (allowed.EndsWith('*') ? name.StartsWith(allowed[..^1], StringComparison.Ordinal) : name == allowed);
}
