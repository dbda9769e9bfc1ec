namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>A file that was read, or why it could not be; exactly one is set. It may hold secrets.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Trouble">The system's reason.</param>
public sealed record FileContent(byte[]? Bytes, string? Trouble)
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(FileContent);
}
