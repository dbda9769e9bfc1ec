using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Processes;

/// <summary>Finds a child's program.</summary>
internal static class ChildProcessFile
{
    /// <summary>
    /// The path to execute, or null if <c>PATH</c> has none. posix_spawnp would use this process's <c>PATH</c> instead
    /// of the child's, and would run a file without <c>#!</c> with sh.
    /// </summary>
    public static string? Find(ChildProcessStart start)
    {
        if (start.File.Contains('/'))
        {
            return start.File;
        }

        var search = start.Environment.TryGetValue("PATH", out var given)
            ? given
            : Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (var directory in search.Split(':'))
        {
            // A relative entry could run a program that a job left in its working directory.
            if (!directory.StartsWith('/'))
            {
                continue;
            }

            var candidate = Path.Combine(directory, start.File);
            if (File.Exists(candidate) && ChildProcessNative.Access(candidate, ChildProcessNative.MayExecute) == 0)
            {
                return candidate;
            }
        }

        return null;
    }
}
