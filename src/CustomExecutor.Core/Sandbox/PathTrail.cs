namespace CustomExecutor.Core.Sandbox;

/// <summary>A resolved path.</summary>
/// <param name="End">The path with all links followed. Parts that do not exist are kept as written.</param>
/// <param name="Links">The paths of the links that were followed, each without links itself.</param>
public sealed record PathTrail(string End, IReadOnlyList<string> Links)
{
    /// <summary>For a path without links.</summary>
    public static PathTrail Straight(string path) => new(path, []);
}
