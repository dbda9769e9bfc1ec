using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices for the container of the runner's own scripts.</summary>
public sealed record HelperSettings
{
    [Description(
        "The image. It must have git, sh and gitlab-runner-helper of the runner's version; "
            + "${CI_RUNNER_VERSION} stands for that version, like "
            + "\"registry.example.com/mirror/gitlab-runner-helper:x86_64-v${CI_RUNNER_VERSION}\". Without it: "
            + "registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper, for the runner's version and "
            + "the node's architecture."
    )]
    public string? Image { get; set; }

    [Description("When the node pulls the image.")]
    public ImagePullPolicy ImagePullPolicy { get; set; } = ImagePullPolicy.IfNotPresent;

    [Description("The helper's resource requests and limits.")]
    public HelperResourceSettings Resources { get; set; } = new();
}
