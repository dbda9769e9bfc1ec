using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Builder;

/// <summary>Everything that is decided about one builder before the cluster is asked. It knows nothing of
/// GitLab.</summary>
public sealed record BuilderSpec
{
    /// <summary>The port on which buildkitd answers, with mutual TLS.</summary>
    public const int Port = 1234;

    /// <summary>The pod's name, its secret's, the certificates' server name and the buildx builder's.</summary>
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>How long the pod may run, whatever becomes of the driver (<c>activeDeadlineSeconds</c>).</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>The buildkitd.toml's text.</summary>
    public required string BuildkitdToml { get; init; }

    /// <summary>Image, resources, placement: the admin's choices.</summary>
    public required BuilderSettings Settings { get; init; }

    /// <summary>The pod in the same namespace with which the builder is to go; null for none.</summary>
    public OwnerPod? Owner { get; init; }

    /// <summary>The architecture of the nodes that may run it, as Kubernetes names it; the settings may name
    /// another.</summary>
    public required string Architecture { get; init; }

    /// <summary>Which fields the API server knows.</summary>
    public required ServerVersion Server { get; init; }
}
