using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices for the container of the job's image.</summary>
public sealed record JobSettings
{
    [Description("The image of jobs that name none. It is always allowed.")]
    public string Image { get; set; } = ToolSettings.DefaultImage;

    [Description(
        "Patterns of the images that a job may name, as in GitLab's allowed_images, like "
            + "[\"registry.example.com/**\", \"ruby:*\"]. * stands for any text without a slash, ** for any "
            + "number of path steps. The pattern must match the whole name as the pipeline writes it: \"ruby:*\" "
            + "does not allow \"docker.io/library/ruby:3\". An empty list allows all images."
    )]
    public IReadOnlyList<string> AllowedImages { get; set; } = [];

    [Description(
        "Patterns of the images that a job's services may name, in the same form. An empty list allows all " + "images."
    )]
    public IReadOnlyList<string> AllowedServices { get; set; } = [];

    [Description(
        "The pull policies that the pipeline may choose for the job's image and services (pull_policy); "
            + "the first is used where it chooses none. With IfNotPresent and Never a job can use a private "
            + "image that another job has left on the node."
    )]
    public IReadOnlyList<ImagePullPolicy> PullPolicies { get; set; } = [ImagePullPolicy.Always];

    [Description("The resource requests and limits of the container that runs the job's scripts.")]
    public JobResourceSettings Resources { get; set; } = new();

    [Description(
        "Maximum disk size of each volume of a job's pod that scripts write to (/builds, /cache, the output that "
            + "is not read yet, and /tmp where it is a volume), a Kubernetes quantity such as 20Gi. A pod that needs "
            + "more is evicted."
    )]
    public string VolumeSizeLimit { get; set; } = "20Gi";

    [Description(
        "default: the job's image and its services run as the image's user, without the capability "
            + "NET_RAW, and sudo does nothing. restricted: they have no capabilities and never run as root, as "
            + "Pod Security's level of that name demands. The driver's own containers do not depend on it."
    )]
    public JobSecurityContext SecurityContext { get; set; } = JobSecurityContext.Default;

    [Description(
        "Whether the root filesystem of the job's container is read-only. /tmp, /builds and /cache are then "
            + "the only directories that scripts can write to, and volumes of job.volumes; HOME is moved to /builds."
    )]
    public bool ReadOnlyRootFilesystem { get; set; }

    [Description(
        "The user id of the job's container, whatever the pipeline says. Without it: the id in "
            + "image:kubernetes:user of the pipeline, otherwise the image's own user (1000 with securityContext "
            + "\"restricted\")."
    )]
    public long? RunAsUser { get; set; }

    [Description("The group id of the job's container, likewise.")]
    public long? RunAsGroup { get; set; }

    [Description(
        "The user ids that a pipeline may choose. An empty list allows all except 0 (root). To allow root, " + "list 0."
    )]
    public IReadOnlyList<long> AllowedUsers { get; set; } = [];

    [Description("The group ids that a pipeline may choose, likewise.")]
    public IReadOnlyList<long> AllowedGroups { get; set; } = [];

    [Description(
        "Volumes that the job's container, its services and the helper get, like {\"mountPath\": "
            + "\"/cache\", \"persistentVolumeClaim\": \"cache\"} or {\"mountPath\": "
            + "\"/etc/ssl/certs/company.pem\", \"subPath\": \"company.pem\", \"configMap\": \"company-ca\"}. "
            + "Every job can read them, and write claims that are not read-only."
    )]
    public IReadOnlyList<VolumeSettings> Volumes { get; set; } = [];

    [Description(
        "More lines for the pod's /etc/hosts, after those of the services, like {\"ip\": \"192.0.2.7\", "
            + "\"hostnames\": [\"registry.internal\"]}."
    )]
    public IReadOnlyList<HostAliasSettings> HostAliases { get; set; } = [];

    [Description("How the containers of the pod resolve names.")]
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
