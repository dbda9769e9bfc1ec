using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices for the builder pod.</summary>
public sealed record BuilderSettings
{
    /// <summary>
    /// Upstream's rootless image, by version and digest, so that the image of all builders never changes unexpectedly.
    /// </summary>
    public const string DefaultImage =
        "docker.io/moby/buildkit:v0.32.2-rootless@sha256:504731e577c20559c00f968f33219f30115e70be29ab96728d1d06e963fc494b";

    [Description(
        "The BuildKit image. Its entry point must start a rootless buildkitd and accept its flags. Specify a "
            + "digest, so that the image never changes unexpectedly."
    )]
    public string Image { get; set; } = DefaultImage;

    [Description("When the node pulls the image.")]
    public ImagePullPolicy ImagePullPolicy { get; set; } = ImagePullPolicy.IfNotPresent;

    [Description(
        "Names of secrets of the namespace (type kubernetes.io/dockerconfigjson) with which the node pulls "
            + "the images of the pod. With scripts.runIn \"pod\" these include the images that jobs name: see "
            + "job.allowedImages."
    )]
    public IReadOnlyList<string> ImagePullSecrets { get; set; } = [];

    [Description("The builder's resource requests and limits.")]
    public ResourceSettings Resources { get; set; } = new();

    [Description(
        "Maximum disk size of the builder's state (layers, build cache), a Kubernetes quantity such as 20Gi. A "
            + "builder that needs more is evicted."
    )]
    public string StateSizeLimit { get; set; } = "20Gi";

    [Description(
        "Labels that a node must have to run jobs' pods. The driver adds \"kubernetes.io/os\": \"linux\" "
            + "and \"kubernetes.io/arch\": the architecture of the runner's host; set a key here to replace its "
            + "value, like \"kubernetes.io/arch\": \"arm64\". Builds are for the node's architecture unless they "
            + "specify a platform."
    )]
    public IReadOnlyDictionary<string, string> NodeSelector { get; set; } = new Dictionary<string, string>();

    [Description(
        "Taints of a node that the job's pod tolerates, as in a pod's spec, like {\"key\": \"builders\", "
            + "\"operator\": \"Exists\"}."
    )]
    public IReadOnlyList<TolerationSettings> Tolerations { get; set; } = [];

    [Description(
        "Additional flags for buildkitd, one per entry, like \"--debug\". The driver sets --addr, --tlscacert, "
            + "--tlscert, --tlskey and --config itself."
    )]
    public IReadOnlyList<string> BuildkitdFlags { get; set; } = [];

    [Description(
        "A buildkitd.toml on the runner's host that replaces the driver's own in each builder. (The driver's own "
            + "file limits the build cache to builder.stateSizeLimit.)"
    )]
    public string? BuildkitdConfig { get; set; }

    [Description(
        "Seconds (1 to 86400) that prepare waits for the job's pod before it gives up. With scripts.runIn "
            + "\"pod\", the author's first script waits as long again for its image, the builder and the "
            + "services. The runner ends prepare after its own prepare_exec_timeout, 3600 unless config.toml "
            + "says otherwise."
    )]
    public int PrepareTimeoutSeconds { get; set; } = 300;
}

/// <summary>A taint that the builder tolerates, as in a pod's spec.</summary>
public sealed record TolerationSettings
{
    [Description("The taint's key; if omitted, all taints match (with operator Exists).")]
    public string? Key { get; set; }

    [Description("Equal (the default) or Exists.")]
    public TolerationOperator Operator { get; set; } = TolerationOperator.Equal;

    [Description("The taint's value, with Equal.")]
    public string? Value { get; set; }

    [Description("The taint's effect; if omitted, all effects match.")]
    public TaintEffect? Effect { get; set; }

    [Description("How many seconds the pod stays on a node that gets the taint later, with effect NoExecute.")]
    public long? TolerationSeconds { get; set; }
}

/// <summary>When the node pulls the image (Kubernetes' names).</summary>
public enum ImagePullPolicy
{
    IfNotPresent,
    Always,
    Never,
}

/// <summary>How a toleration compares (Kubernetes' names).</summary>
public enum TolerationOperator
{
    Equal,
    Exists,
}

/// <summary>What a taint does (Kubernetes' names).</summary>
public enum TaintEffect
{
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}
