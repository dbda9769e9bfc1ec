using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Scripts;

/// <summary>The environment of a job's script: what the admin allows of the runner service's, and what makes the job's
/// builder work.</summary>
public static class ScriptEnvironment
{
    /// <summary>
    /// Nothing of the runner service comes through but what is allowed by name: it may hold the runner's token, cloud
    /// credentials, a kubeconfig. Job variables don't come this way: the runner's script exports them itself.
    /// </summary>
    /// <param name="runner">The driver's own environment.</param>
    /// <param name="settings">The names that are allowed; a trailing <c>*</c> stands for any ending.</param>
    /// <param name="paths">The attempt's files.</param>
    /// <param name="builder">The name of the job's buildx builder.</param>
    public static IReadOnlyDictionary<string, string> Create(
        RunnerEnvironment runner,
        ScriptSettings settings,
        AttemptPaths paths,
        string builder
    )
    {
        var environment = runner
            .Variables.Where(v => settings.AllowedEnvironment.Any(allowed => Matches(v.Key, allowed)))
            .ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        foreach (var (name, value) in Defaults(paths))
            environment.TryAdd(name, value);

        environment["BUILDX_BUILDER"] = builder;
        environment["BUILDX_CONFIG"] = paths.BuildxConfig;
        environment["DOCKER_CONFIG"] = paths.DockerConfig;
        environment["HOME"] = paths.Home;
        environment["TMPDIR"] = paths.Temp;
        if (environment.TryGetValue("PATH", out var path))
            environment["PATH"] = $"{paths.Programs}:{path}";
        return environment;
    }

    /// <summary>What the admin's environment or the script itself may set otherwise.</summary>
    private static (string Name, string Value)[] Defaults(AttemptPaths paths) =>
        [
            // .NET and PowerShell listen on sockets by which other jobs of the same user read a process's environment
            // and memory, or run code in it.
            ("DOTNET_EnableDiagnostics", "0"),
            ("POWERSHELL_DIAGNOSTICS_OPTOUT", "1"),
            // Else MSBuild looks for idle workers of its user in /tmp, which may be another job's, and sends them its
            // environment.
            ("MSBUILDDISABLENODEREUSE", "1"),
            // Java asks the password database for the home directory, which is the runner's and closed. Java's own
            // variables print a line at each start.
            ("MAVEN_OPTS", $"-Duser.home={paths.Home}"),
            ("GRADLE_USER_HOME", Path.Join(paths.Home, ".gradle")),
        ];

    private static bool Matches(string name, string allowed) =>
        !name.StartsWith(RunnerEnvironment.JobVariablePrefix, StringComparison.Ordinal)
        && (allowed.EndsWith('*') ? name.StartsWith(allowed[..^1], StringComparison.Ordinal) : name == allowed);
}
