namespace CustomExecutor.Core.Sandbox;

/// <summary>Where a path leads.</summary>
/// <param name="End">The path with all links followed; what does not exist of it stays as it is written.</param>
/// <param name="Links">Where the links are that were followed, each as a path without links.</param>
public sealed record PathTrail(string End, IReadOnlyList<string> Links)
{
    /// <summary>The trail of a path without links.</summary>
    public static PathTrail Straight(string path) => new(path, []);
}
