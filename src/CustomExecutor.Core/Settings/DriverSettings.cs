using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices: the settings file with every default filled in.</summary>
/// <remarks>
/// The properties have setters, not <c>init</c>: generated JSON code sets init-only properties that a file omits to
/// null, which loses their defaults. Only the reader sets them.
/// </remarks>
public sealed record DriverSettings
{
    /// <summary>
    /// The default path of the settings file, used without <c>--settings</c> and <see cref="PathVariable"/>.
    /// </summary>
    public const string DefaultPath = "/etc/custom-executor/settings.json";

    /// <summary>The environment variable of the runner service that names another settings file.</summary>
    public const string PathVariable = "CUSTOM_EXECUTOR_SETTINGS";

    [JsonPropertyName("$schema")]
    [Description("The JSON schema of this file, for editors; the driver does not read it.")]
    public string? Schema { get; set; }

    [Description(
        "A name for this GitLab server, to distinguish its builders from another server's in the same namespace "
            + "(job ids repeat between servers). Must be a valid label value: letters, digits, -, _ and ."
    )]
    public string Instance { get; set; } = "gitlab";

    [Description("The cluster and namespace in which the pods of jobs are created.")]
    public KubernetesSettings Kubernetes { get; set; } = new();

    [Description(
        "The builder: the job's rootless BuildKit. It is a container of the job's pod, or with "
            + "scripts.runIn \"host\" a pod of its own. Where the pod runs and how long it may take to start are "
            + "set here too."
    )]
    public BuilderSettings Builder { get; set; } = new();

    [Description("Where a job's files are on the runner's host, with scripts.runIn \"host\".")]
    public WorkspaceSettings Workspace { get; set; } = new();

    [Description("Where a job's scripts run, and how they end.")]
    public ScriptSettings Scripts { get; set; } = new();

    [Description("The container of the job's image, with scripts.runIn \"pod\".")]
    public JobSettings Job { get; set; } = new();

    [Description("The containers of the job's services, with scripts.runIn \"pod\".")]
    public ServiceSettings Services { get; set; } = new();

    [Description(
        "The container in which the runner's own scripts run (sources, caches, artifacts), with scripts.runIn \"pod\"."
    )]
    public HelperSettings Helper { get; set; } = new();

    [Description("The docker command line and buildx that a job finds in its image, with scripts.runIn \"pod\".")]
    public ToolSettings Tools { get; set; } = new();

    [Description(
        "The job's Docker Engine API for images: its container, with scripts.runIn \"pod\", and its store. See "
            + "docker.engineApi."
    )]
    public EngineSettings Engine { get; set; } = new();

    [Description(
        "With scripts.runIn \"host\": which parts of the runner's host a job's script can access. It "
            + "always has its own files and the system's programs, and never other jobs' files or anything of "
            + "the driver or the runner."
    )]
    public SandboxSettings ScriptSandbox { get; set; } = new();

    [Description("What the job's docker command line gets.")]
    public DockerSettings Docker { get; set; } = new();

    [Description("Clean-up of leftovers from crashed jobs.")]
    public GcSettings Gc { get; set; } = new();

    [Description("The admin's log. (The job log needs no settings.)")]
    public LogSettings Log { get; set; } = new();
}

/// <summary>The cluster and namespace in which builders are created.</summary>
public sealed record KubernetesSettings
{
    [Description(
        "A kubeconfig file. Without it, the driver uses the service account of the pod that the runner runs in, "
            + "otherwise $KUBECONFIG, otherwise ~/.kube/config."
    )]
    public string? Kubeconfig { get; set; }

    [Description("The kubeconfig's context to use instead of the current one.")]
    public string? Context { get; set; }

    [Description("The namespace of the pods of jobs and their secrets. Use it for nothing else.")]
    public string Namespace { get; set; } = "gitlab-builders";
}

/// <summary>Where a job's files are on the runner's host.</summary>
public sealed record WorkspaceSettings
{
    [Description(
        "The directory in which each job gets its own workspace (builds directory). cleanup removes it. Nothing "
            + "else may use this directory."
    )]
    public string Root { get; set; } = "/var/lib/custom-executor/workspaces";

    [Description(
        "A directory, outside root, for local caches that outlive jobs. Each project of each GitLab server gets "
            + "two: one for protected branches and one for all others. (GitLab before 18.3 does not report "
            + "protected branches, so all branches share one.) Without this setting, the local cache is in the "
            + "workspace and is removed with it. A distributed cache works either way."
    )]
    public string? CacheRoot { get; set; }
}

/// <summary>Where a job's scripts run, and the environment that they get on the runner's host.</summary>
public sealed record ScriptSettings
{
    [Description(
        "pod runs scripts in the job's own pod: the job's image and services are used. host runs them on "
            + "the runner's host beside other jobs' scripts, for trusted, single-tenant runners; image and "
            + "services are ignored."
    )]
    public ScriptPlace RunIn { get; set; } = ScriptPlace.Pod;

    [Description(
        "With runIn \"host\": the runner service's own variables that a script may see; all others are "
            + "withheld. A trailing * stands for any ending."
    )]
    public IReadOnlyList<string> AllowedEnvironment { get; set; } =
    ["PATH", "LANG", "LANGUAGE", "LC_*", "TZ", "USER", "LOGNAME", "SHELL"];

    [Description(
        "Seconds from the runner's SIGTERM (cancel, timeout) until the script and everything that it started are "
            + "killed. Keep it below graceful_kill_timeout in config.toml."
    )]
    public int TerminationGraceSeconds { get; set; } = 60;
}

/// <summary>Where a job's scripts run.</summary>
public enum ScriptPlace
{
    [JsonStringEnumMemberName("pod")]
    Pod,

    [JsonStringEnumMemberName("host")]
    Host,
}

/// <summary>What the job's docker command line gets.</summary>
public sealed record DockerSettings
{
    [Description(
        "Start the job's DOCKER_CONFIG with the registry credentials that GitLab sent with the job and with its "
            + "DOCKER_AUTH_CONFIG, so that pushing to the project's registry needs no login."
    )]
    public bool RegistryCredentials { get; set; } = true;

    [Description(
        "Serve the image commands of docker for each job (load, tag, push, pull, save, ...), so that pipelines that "
            + "say docker build and docker push run unchanged. With scripts.runIn \"pod\" it needs engine.image; "
            + "with \"host\" it needs custom-executor-engine-api beside the driver's program, and docker in the PATH "
            + "of the runner's service. Without this setting: served where that is there."
    )]
    public bool? EngineApi { get; set; }

    [Description(
        "With scripts.runIn \"host\": additional directories in which docker looks for plugins " + "(docker-buildx)."
    )]
    public IReadOnlyList<string> CliPluginsExtraDirs { get; set; } = [];
}

/// <summary>Clean-up of leftovers from crashed jobs.</summary>
public sealed record GcSettings
{
    [Description(
        "Let prepare remove a few leftovers of crashed jobs while it waits for the job's pod. If false, "
            + "run custom-executor gc from a timer."
    )]
    public bool SweepOnPrepare { get; set; } = true;
}

/// <summary>The admin's own log.</summary>
public sealed record LogSettings
{
    [Description(
        "A file for the structured log (JSON lines), shared by all jobs; \"stderr\" writes it to the stage's "
            + "stderr. Without a path, the driver does not write this log."
    )]
    public string? Path { get; set; }

    [Description("The minimum level to log.")]
    public LogLevel Level { get; set; } = LogLevel.Information;
}

/// <summary>The level of detail of the structured log.</summary>
public enum LogLevel
{
    Debug,
    Information,
    Warning,
    Error,
}
