namespace CustomExecutor.Core.Builder;

/// <summary>The names under which a builder's pod and secret say what they are and lead back to what they
/// serve.</summary>
public static class BuilderLabels
{
    /// <summary>Kubernetes' recommended label; its value is <see cref="Component"/>'s part of which program.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    public const string ManagedByValue = "custom-executor";

    public const string Component = "app.kubernetes.io/component";

    public const string ComponentValue = "builder";

    /// <summary>The settings' <c>instance</c>: job ids repeat between GitLab servers.</summary>
    public const string Instance = "custom-executor/instance";

    public const string JobId = "custom-executor/job-id";

    public const string ProjectId = "custom-executor/project-id";

    /// <summary>Where the job's script runs: it is there, with the value <c>pod</c>, on a pod that has the job's
    /// containers beside the builder, to which nothing outside of it needs to connect.</summary>
    public const string RunIn = "custom-executor/run-in";

    public const string RunInPod = "pod";

    /// <summary>Annotation: the job's page.</summary>
    public const string JobUrl = "custom-executor/job-url";

    /// <summary>Annotation: the project's page.</summary>
    public const string ProjectUrl = "custom-executor/project-url";

    /// <summary>Annotation: the job's name, for people.</summary>
    public const string JobName = "custom-executor/job-name";

    /// <summary>Annotation: when nobody can need the builder any more (ISO 8601, UTC).</summary>
    public const string ExpiresAt = "custom-executor/expires-at";

    /// <summary>Annotation of a pod: which creation it came of, for one that got no answer and is tried
    /// again.</summary>
    public const string CreationId = "custom-executor/creation-id";

    /// <summary>AppArmor's annotation before Kubernetes 1.30, with the container's name behind it.</summary>
    public const string AppArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";

    /// <summary>Selects the builders of one instance, or of all.</summary>
    public static string SelectorOfBuilders(string? instance) =>
        $"{ManagedBy}={ManagedByValue},{Component}={ComponentValue}"
        + (instance is null ? "" : $",{Instance}={instance}");

    /// <summary>Selects every object of one job.</summary>
    public static string SelectorOf(string instance, long jobId) =>
        $"{ManagedBy}={ManagedByValue},{Instance}={instance},{JobId}={jobId}";
}
