namespace CustomExecutor.Testing;

/// <summary>Files of the repository that people copy, as they are.</summary>
internal static class RepositoryFile
{
    public static string PathOf(string file)
    {
        for (
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            directory is not null;
            directory = directory.Parent
        )
        {
            if (File.Exists(Path.Combine(directory.FullName, "CustomExecutor.sln")))
                return Path.Combine(directory.FullName, file);
        }

        throw new InvalidOperationException("The tests don't run within the repository.");
    }
}
