using System.Globalization;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Host.Processes;

/// <summary>Finds the GitLab Runner that started this driver, or those that run on this host.</summary>
internal static class RunnerProcess
{
    /// <summary>
    /// The runner may start the driver through other programs (setpriv, a shell). This is the maximum number of
    /// ancestors to check.
    /// </summary>
    private const int MostAncestors = 16;

    private const string Name = "gitlab-runner";

    /// <summary>The configuration files in the command lines of this process's ancestors.</summary>
    public static IReadOnlyList<string> ConfigFiles()
    {
        var files = new List<string>();
        var process = Parent("self");
        for (var i = 0; i < MostAncestors && process is not (null or "0"); i++)
        {
            files.AddRange(ConfigFiles(process));
            process = Parent(process);
        }

        return files;
    }

    /// <summary>The same for every runner on this host, for a process that no runner started.</summary>
    public static IReadOnlyList<string> ConfigFilesOfHost() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => Path.GetFileName(path))
                .Where(name => uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Where(id =>
                    Arguments(id) is [var program, ..]
                    && Path.GetFileName(program).StartsWith(Name, StringComparison.Ordinal)
                )
                .SelectMany(ConfigFiles)
                .Distinct(),
        ];

    /// <summary>
    /// Files only: hiding a directory that merely looks like a configuration would close it to scripts.
    /// </summary>
    private static IEnumerable<string> ConfigFiles(string process) =>
        RunnerCommand.ConfigFiles(Arguments(process), WorkingDirectory(process)).Where(File.Exists);

    private static string[] Arguments(string process) => Read($"/proc/{process}/cmdline").Split('\0');

    private static string? Parent(string process) =>
        Read($"/proc/{process}/status")
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal))
            ?["PPid:".Length..].Trim();

    private static string? WorkingDirectory(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/cwd").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Another user's process.
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
