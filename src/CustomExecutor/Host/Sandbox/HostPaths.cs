using System.IO.Enumeration;
using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Host.Sandbox;

/// <summary>Resolves and lists the host's paths for a sandbox's plan.</summary>
internal static class HostPaths
{
    /// <summary>The kernel's limit for links in one path (path_resolution(7)).</summary>
    private const int MostLinks = 40;

    /// <summary>Resolves a path and collects its links. Parts that can't be examined are kept as written.</summary>
    public static PathTrail Follow(string path)
    {
        var (end, links) = ("", new List<string>());
        var steps = new Stack<string>();
        Push(path);
        while (steps.TryPop(out var step))
        {
            if (step == "..")
            {
                end = end[..Math.Max(end.LastIndexOf('/'), 0)];
                continue;
            }

            var next = $"{end}/{step}";
            if (links.Count == MostLinks || LinkTarget(next) is not { } target)
            {
                end = next;
                continue;
            }

            links.Add(next);
            if (target.StartsWith('/'))
                end = "";
            Push(target);
        }

        return new PathTrail(end.Length == 0 ? "/" : end, links);

        void Push(string text)
        {
            foreach (var step in text.Split('/').Reverse())
            {
                if (step is not ("" or "."))
                    steps.Push(step);
            }
        }
    }

    /// <summary>The names in a directory; none if it can't be listed.</summary>
    public static IEnumerable<string> Entries(string directory)
    {
        try
        {
            // Avoids a system call per entry to read its attributes.
            return
            [
                .. new FileSystemEnumerable<string>(
                    directory,
                    (ref entry) => entry.FileName.ToString(),
                    new EnumerationOptions { AttributesToSkip = 0 }
                ),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
