namespace CustomExecutor.Core.Runner;

/// <summary>Parses GitLab Runner's command line.</summary>
public static class RunnerCommand
{
    /// <summary>The runner's commands that run jobs.</summary>
    private static readonly string[] TakesJobs = ["run", "run-single"];

    private static readonly string[] ConfigOptions = ["c", "config"];

    private static readonly string[] DirectoryOptions = ["d", "working-directory"];

    /// <summary>
    /// The possible paths of its configuration, if the command line names it. The runner changes to its working
    /// directory before it reads the file, so a relative path may be relative to either directory.
    /// </summary>
    /// <param name="arguments">The process's arguments, including the program's name.</param>
    /// <param name="directory">The process's working directory; null if unknown.</param>
    public static IReadOnlyList<string> ConfigFiles(IReadOnlyList<string> arguments, string? directory)
    {
        if (!arguments.Any(TakesJobs.Contains))
            return [];
        var directories = Values(arguments, DirectoryOptions).Append(directory).OfType<string>().ToList();
        return
        [
            .. Values(arguments, ConfigOptions)
                .SelectMany(file =>
                    Path.IsPathRooted(file) ? [file] : directories.Select(above => Path.Join(above, file))
                )
                .Where(Path.IsPathRooted)
                .Distinct(),
        ];
    }

    /// <summary>Go's flags accept one or two dashes, and a value after a space or an equals sign.</summary>
    private static IEnumerable<string> Values(IReadOnlyList<string> arguments, string[] options)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            foreach (var flag in options.SelectMany(option => (string[])[$"-{option}", $"--{option}"]))
            {
                if (arguments[i] == flag && i + 1 < arguments.Count)
                    yield return arguments[i + 1];
                else if (arguments[i].StartsWith($"{flag}=", StringComparison.Ordinal))
                    yield return arguments[i][(flag.Length + 1)..];
            }
        }
    }
}
