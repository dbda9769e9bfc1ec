using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices for the container of the job's Docker Engine API.</summary>
public sealed record EngineSettings
{
    [Description(
        "An image with custom-executor-engine-api in its PATH; runner/Dockerfile builds one, which the runner in the "
            + "cluster uses too. Specify a digest, so that the image never changes unexpectedly."
    )]
    public string? Image { get; set; }

    [Description("When the node pulls the image.")]
    public ImagePullPolicy ImagePullPolicy { get; set; } = ImagePullPolicy.IfNotPresent;

    [Description("The container's resource requests and limits.")]
    public EngineResourceSettings Resources { get; set; } = new();

    [Description(
        "Maximum disk size of the images that the job has loaded or pulled, a Kubernetes quantity such as 10Gi. A "
            + "command that needs more fails, and the job's other images remain. It counts with scripts.runIn "
            + "\"host\" too."
    )]
    public string StoreSizeLimit { get; set; } = "10Gi";
}
