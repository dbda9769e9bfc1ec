using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices for the container of the job's image.</summary>
public sealed record JobSettings
{
    [Description("The image of jobs that name none. It is always allowed.")]
    public string Image { get; set; } = ToolSettings.DefaultImage;

    [Description(
        "Which images a job may name, as GitLab's allowed_images: * stands for anything but a /, ** for any "
            + "directories, like \"registry.example.com/**\". The whole name counts, as the pipeline writes it. An "
            + "empty list allows all."
    )]
    public IReadOnlyList<string> AllowedImages { get; set; } = [];

    [Description("Which images a job's services may name, in the same form. An empty list allows all.")]
    public IReadOnlyList<string> AllowedServices { get; set; } = [];

    [Description(
        "The pull policies that a job's image and services may ask for; the first is for those that ask for none. With "
            + "IfNotPresent and Never a job can use a private image that another job has left on the node."
    )]
    public IReadOnlyList<ImagePullPolicy> PullPolicies { get; set; } = [ImagePullPolicy.Always];

    [Description("The resource requests and limits of the job's container.")]
    public JobResourceSettings Resources { get; set; } = new();

    [Description(
        "default runs the job's image and its services as the image's user, without NET_RAW and without a gain of "
            + "privileges (sudo); restricted drops all capabilities and refuses root, as Pod Security's level of that "
            + "name. The driver's own containers do not depend on it."
    )]
    public JobSecurityContext SecurityContext { get; set; } = JobSecurityContext.Default;

    [Description(
        "The user's number that the job's container runs as, whatever the pipeline says. Without it: image:kubernetes:"
            + "user of the pipeline, else the image's own user (1000 with securityContext \"restricted\")."
    )]
    public long? RunAsUser { get; set; }

    [Description("The group's number, likewise.")]
    public long? RunAsGroup { get; set; }

    [Description(
        "The users' numbers that a pipeline may ask for. An empty list allows all but 0 (root), which must be named."
    )]
    public IReadOnlyList<long> AllowedUsers { get; set; } = [];

    [Description("The groups' numbers that a pipeline may ask for, likewise.")]
    public IReadOnlyList<long> AllowedGroups { get; set; } = [];

    [Description(
        "Volumes of the namespace that the job's container, its services and the helper get, like {\"mountPath\": "
            + "\"/cache\", \"persistentVolumeClaim\": \"cache\"}. Every job can read them, and write those that are "
            + "not read-only."
    )]
    public IReadOnlyList<VolumeSettings> Volumes { get; set; } = [];

    [Description("More lines for the pod's /etc/hosts, after those of the services.")]
    public IReadOnlyList<HostAliasSettings> HostAliases { get; set; } = [];

    [Description("How the pod finds names.")]
    public DnsSettings Dns { get; set; } = new();
}

/// <summary>How far the containers of a job's author are confined.</summary>
public enum JobSecurityContext
{
    [JsonStringEnumMemberName("default")]
    Default,

    [JsonStringEnumMemberName("restricted")]
    Restricted,
}
