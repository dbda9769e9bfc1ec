namespace CustomExecutor.Core.Builder;

/// <summary>A container of a job's pod, as far as a diagnosis must tell it from the others.</summary>
/// <param name="Name">Its name in the pod.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Owner">Who has chosen its image, and so whose failure it is if that can't be pulled or started.</param>
/// <param name="Image">The image. Hostile text if it is the author's.</param>
public sealed record PodContainer(string Name, ContainerRole Role, ImageOwner Owner, string Image)
{
    private const int LongestImage = 120;

    /// <summary>The container as a sentence begins with it.</summary>
    public string Subject =>
        Role switch
        {
            ContainerRole.Tools => "The container that copies the docker command line",
            ContainerRole.Helper => "The helper",
            ContainerRole.Engine => "The Docker Engine API",
            ContainerRole.Build => $"The job's container (image {Shown})",
            ContainerRole.Service => $"Service {Shown}",
            _ => "The builder",
        };

    /// <summary>The same within a sentence.</summary>
    public string InSentence => Role == ContainerRole.Service ? $"service {Shown}" : $"t{Subject[1..]}";

    /// <summary>Its container within a sentence.</summary>
    public string TheContainer =>
        Role switch
        {
            ContainerRole.Helper => "the helper's container",
            ContainerRole.Buildkitd => "the builder's container",
            ContainerRole.Engine => "the container of the Docker Engine API",
            ContainerRole.Service => $"the container of service {Shown}",
            _ => InSentence,
        };

    /// <summary>Its image as a sentence begins with it.</summary>
    public string TheImage =>
        Role switch
        {
            ContainerRole.Tools => "The image of the docker command line",
            ContainerRole.Helper => "The helper's image",
            ContainerRole.Engine => "The image of the Docker Engine API",
            ContainerRole.Build => $"The job's image {Shown}",
            ContainerRole.Service => $"The image {Shown} of a service",
            _ => "The builder's image",
        };

    private string Shown => DisplayText.Of(Image, LongestImage);

    /// <summary>The part of the settings that is about it.</summary>
    public string Settings =>
        Role switch
        {
            ContainerRole.Tools => "tools",
            ContainerRole.Helper => "helper",
            ContainerRole.Engine => "engine",
            ContainerRole.Build => "job",
            ContainerRole.Service => "services",
            _ => "builder",
        };

    /// <summary>Where its image is named: the settings' key, or the pipeline's.</summary>
    public string ImageKey =>
        (Owner, Role) switch
        {
            (ImageOwner.Author, ContainerRole.Service) => "services: in .gitlab-ci.yml",
            (ImageOwner.Author, _) => "image: in .gitlab-ci.yml",
            _ => $"{Settings}.image",
        };

    /// <summary>Whose failure it is if the image can't be pulled or started.</summary>
    public FailureKind FailureOfImage => Owner == ImageOwner.Author ? FailureKind.Build : FailureKind.System;

    /// <summary>The builder's container.</summary>
    /// <param name="image">The settings' image.</param>
    public static PodContainer Builder(string image) =>
        new(PodManifest.Container, ContainerRole.Buildkitd, ImageOwner.Admin, image);
}

/// <summary>What a container of a job's pod is for.</summary>
public enum ContainerRole
{
    /// <summary>The init container that copies the docker command line.</summary>
    Tools,

    /// <summary>The runner's own scripts: sources, caches, artifacts.</summary>
    Helper,

    /// <summary>The job's BuildKit.</summary>
    Buildkitd,

    /// <summary>The job's Docker Engine API for images.</summary>
    Engine,

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
