namespace CustomExecutor.Core;

/// <summary>Absolute paths as text.</summary>
internal static class SandboxPath
{
    /// <summary>Whether a path is a directory's own or lies below it.</summary>
    public static bool IsWithin(string path, string directory) => path == directory || IsBelow(path, directory);

    /// <summary>Whether a path lies below a directory.</summary>
    public static bool IsBelow(string path, string directory) =>
        directory == "/"
            ? path.Length > 1
            : path.Length > directory.Length
                && path.StartsWith(directory, StringComparison.Ordinal)
                && path[directory.Length] == '/';

    /// <summary>The path with single slashes and none at its end.</summary>
    public static string Plain(string path) =>
        "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
}
