using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices for the docker command line and buildx in a job's image.</summary>
public sealed record ToolSettings
{
    /// <summary>Docker's official image, by version and digest.</summary>
    public const string DefaultImage =
        "docker.io/library/docker:29.9.0-cli@sha256:1a4c7cb63513f349bdad01fcc6e0f3f2f67d37b9da86f14dc0d4a0942eecda00";

    [Description(
        "The image that has them at /usr/local/bin/docker and "
            + "/usr/local/libexec/docker/cli-plugins/docker-buildx. They must be static programs, and for "
            + "\"from\": \"copy\" the image needs sh, mkdir and cp."
    )]
    public string Image { get; set; } = DefaultImage;

    [Description("When the node pulls the image.")]
    public ImagePullPolicy ImagePullPolicy { get; set; } = ImagePullPolicy.IfNotPresent;

    [Description(
        "How they get into the job's container. image: the image is mounted (Kubernetes 1.35, or 1.31 with "
            + "the feature gate ImageVolume, and a container runtime that supports it). copy: an init container "
            + "copies the two programs, which takes about a second. auto: image from Kubernetes 1.35 on, "
            + "otherwise copy."
    )]
    public ToolDelivery From { get; set; } = ToolDelivery.Auto;

    [Description(
        "Which docker a script gets if its image has one too. image: the image's own, with this buildx if "
            + "it has none. tools: always this one."
    )]
    public ToolPreference Prefer { get; set; } = ToolPreference.Image;
}

/// <summary>How the tools come into the job's container.</summary>
public enum ToolDelivery
{
    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("image")]
    Image,

    [JsonStringEnumMemberName("copy")]
    Copy,
}

/// <summary>Which docker comes first in a script's <c>PATH</c>.</summary>
public enum ToolPreference
{
    [JsonStringEnumMemberName("image")]
    Image,

    [JsonStringEnumMemberName("tools")]
    Tools,
}
