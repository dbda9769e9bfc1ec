using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>Names within an archive. They are keys only: no file is ever made by such a name.</summary>
internal static class ArchivePath
{
    /// <summary>The name without <c>./</c>, doubled and final slashes.</summary>
    /// <exception cref="EngineException">It leads out of the archive.</exception>
    public static string Of(string name) => Join("", name);

    /// <summary>What a symbolic link means, seen from the directory that it is in.</summary>
    /// <exception cref="EngineException">It leads out of the archive.</exception>
    public static string OfTarget(string link, string target)
    {
        var slash = link.LastIndexOf('/');
        return Join(slash < 0 ? "" : link[..slash], target);
    }

    private static string Join(string directory, string name)
    {
        if (name.StartsWith('/') || name.Contains('\0', StringComparison.Ordinal))
            throw Outside(name);
        var parts = new List<string>(directory.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else
                throw Outside(name);
        }

        return string.Join('/', parts);
    }

    private static EngineException Outside(string name) =>
        EngineException.Invalid($"the archive holds a name that leads out of it: \"{DisplayText.Of(name)}\"");
}
