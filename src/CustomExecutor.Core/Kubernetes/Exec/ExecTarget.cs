namespace CustomExecutor.Core.Kubernetes.Exec;

/// <summary>A container, and what is executed in it.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="Container">The container's name.</param>
public sealed record ExecTarget(string Namespace, string Pod, string Container)
{
    /// <summary>Path and query of an exec behind the server's address, with all three streams.</summary>
    public string PathOf(IEnumerable<string> command) =>
        $"api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/pods/{Uri.EscapeDataString(Pod)}/exec"
        + $"?container={Uri.EscapeDataString(Container)}&stdin=true&stdout=true&stderr=true"
        + string.Concat(command.Select(word => $"&command={Uri.EscapeDataString(word)}"));
}

/// <summary>The channels of an exec: the first byte of each WebSocket message.</summary>
public static class ExecChannel
{
    /// <summary>To the command.</summary>
    public const byte Stdin = 0;

    /// <summary>From the command.</summary>
    public const byte Stdout = 1;

    /// <summary>From the command.</summary>
    public const byte Stderr = 2;

    /// <summary>How it ended: see <see cref="ExecStatus"/>.</summary>
    public const byte Error = 3;
}
