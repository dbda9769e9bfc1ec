namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>A file's content, or why it could not be read. Exactly one is set. It may contain secrets.</summary>
/// <param name="Bytes">The whole content.</param>
/// <param name="Trouble">The system's reason.</param>
public sealed record FileContent(byte[]? Bytes, string? Trouble)
{
    /// <summary>Omits the secrets.</summary>
    public override string ToString() => nameof(FileContent);
}
