namespace CustomExecutor.Core.Runner;

/// <summary>The command line by which GitLab Runner was started.</summary>
public static class RunnerCommand
{
    /// <summary>Its commands that take jobs.</summary>
    private static readonly string[] TakesJobs = ["run", "run-single"];

    private static readonly string[] ConfigOptions = ["c", "config"];

    private static readonly string[] DirectoryOptions = ["d", "working-directory"];

    /// <summary>
    /// Where its configuration is, if the command line names it. The runner changes to its working directory before it
    /// reads the file, so a relative path may be meant from either.
    /// </summary>
    /// <param name="arguments">The process's arguments, with the program's name.</param>
    /// <param name="directory">The process's working directory; null if that is not known.</param>
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

    /// <summary>Go's flags take one dash or two, and a value after a blank or an equals sign.</summary>
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
