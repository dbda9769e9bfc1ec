using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Processes;

/// <summary>Finds the program that a child is to run.</summary>
internal static class ChildProcessFile
{
    /// <summary>
    /// The path to execute, or null if <c>PATH</c> has none. posix_spawnp would look in our own <c>PATH</c>, whatever
    /// the child's is, and would hand a file without <c>#!</c> to sh.
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
            // A relative entry would run what a job left in its working directory.
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
