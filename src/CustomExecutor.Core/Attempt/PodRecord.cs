using CustomExecutor.Core.Builder;

namespace CustomExecutor.Core.Attempt;

/// <summary>What the later stages of an attempt must know of the job's pod.</summary>
public sealed record PodRecord
{
    /// <summary>Its containers, in the order in which the node starts them.</summary>
    public required IReadOnlyList<PodContainer> Containers { get; init; }

    /// <summary>The services that the author's first script waits for: a port of the pod each.</summary>
    public required IReadOnlyList<ServicePort> Ports { get; init; }

    /// <summary>The containers that an author's script needs.</summary>
    public IReadOnlyList<PodContainer> OfAuthorsScripts =>
        [.. Containers.Where(c => c.Role is not (ContainerRole.Tools or ContainerRole.Helper))];

    /// <summary>Whether the job has a Docker Engine API.</summary>
    public bool HasEngine => Containers.Any(c => c.Role == ContainerRole.Engine);

    /// <summary>The one of this role.</summary>
    public PodContainer The(ContainerRole role) => Containers.First(c => c.Role == role);
}

/// <summary>A service's port.</summary>
/// <param name="Image">The service's image. Hostile text.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record ServicePort(string Image, int Port);
