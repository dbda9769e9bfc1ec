namespace CustomExecutor.Core.Builder;

/// <summary>A container of a job's pod, as far as a diagnosis must tell it from the others.</summary>
/// <param name="Name">Its name in the pod.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Owner">Who has chosen its image, and so whose failure it is if that can't be pulled or started.</param>
/// <param name="Image">The image. Hostile text if it is the author's.</param>
public sealed record PodContainer(string Name, ContainerRole Role, ImageOwner Owner, string Image);

/// <summary>What a container of a job's pod is for.</summary>
public enum ContainerRole
{
    /// <summary>The init container that copies the docker command line.</summary>
    Tools,

    /// <summary>The runner's own scripts: sources, caches, artifacts.</summary>
    Helper,

    /// <summary>The job's BuildKit.</summary>
    Buildkitd,

    /// <summary>The author's scripts.</summary>
    Build,

    /// <summary>A service of the author's.</summary>
    Service,
}

/// <summary>Who has chosen an image.</summary>
public enum ImageOwner
{
    /// <summary>The pipeline: a failure of it is the job's own.</summary>
    Author,

    /// <summary>The settings: a failure of it is the runner's.</summary>
    Admin,
}
