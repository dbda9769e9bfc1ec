namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>What an author's image may have (see tests/cluster/recipes/images.sh).</summary>
/// <param name="Name">The image.</param>
/// <param name="Path">PATH, which decides what is in reach; null for the image's.</param>
/// <param name="Wait">A command that waits.</param>
internal sealed record ContainerImage(string Name, string? Path, params string[] Wait)
{
    private const string Forever = "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done";

    /// <summary>busybox alone.</summary>
    public static ContainerImage Busybox { get; } = new("localhost/busybox:1", null, "sh", "-c", Forever);

    /// <summary>bash, dash as sh, coreutils, setsid: Debian's and most others.</summary>
    public static ContainerImage Bash { get; } = Shells("bash");

    /// <summary>dash and no bash.</summary>
    public static ContainerImage Dash { get; } = Shells("dash");

    /// <summary>bash and no setsid.</summary>
    public static ContainerImage Bare { get; } = Shells("bare");

    /// <summary>No head.</summary>
    public static ContainerImage Poor { get; } = Shells("poor");

    /// <summary>No shell at all.</summary>
    public static ContainerImage None { get; } = new("localhost/pause:1", null, "/bin/busybox", "sleep", "3600");

    /// <summary>The image of this name, for theories.</summary>
    public static ContainerImage Of(string name) =>
        name switch
        {
            "busybox" => Busybox,
            "bash" => Bash,
            "dash" => Dash,
            "bare" => Bare,
            _ => throw new ArgumentException(name),
        };

    private static ContainerImage Shells(string path) =>
        new("localhost/shells:1", $"/{path}", $"/{path}/sh", "-c", Forever);
}
