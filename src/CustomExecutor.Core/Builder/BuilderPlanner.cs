using System.Globalization;
using System.Runtime.InteropServices;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Builder;

/// <summary>Decides the builder of one job.</summary>
public static class BuilderPlanner
{
    /// <summary>
    /// How long a builder may outlive the job's own timeout: after it the runner gives the script
    /// <c>graceful_kill_timeout</c> (under five minutes, see config.toml.example) to end, and the script may still use
    /// its builder.
    /// </summary>
    public static readonly TimeSpan GraceAfterTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The name of the builder of one attempt.</summary>
    /// <param name="jobId">The job's id.</param>
    /// <param name="suffix">Fresh for each attempt: the last attempt's pod may still be terminating. Lower-case letters
    /// and digits.</param>
    public static string NameOf(long jobId, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"k8s-builder-{jobId}-{suffix}");

    /// <summary>Whether a name is one that <see cref="NameOf"/> makes for this job, and for no other.</summary>
    public static bool IsNameOf(long jobId, string? name) =>
        DnsLabel.IsOne(name) && name!.StartsWith(NameOf(jobId, ""), StringComparison.Ordinal);

    /// <summary>How long from prepare's beginning on somebody can need what it makes.</summary>
    public static TimeSpan LongestNeed(JobContext job, DriverSettings settings) =>
        TimeSpan.FromSeconds(settings.Builder.PrepareTimeoutSeconds) + job.Timeout + GraceAfterTimeout;

    /// <summary>The whole decision.</summary>
    /// <param name="job">Whose builder it is.</param>
    /// <param name="settings">The admin's choices.</param>
    /// <param name="name">Its name, from <see cref="NameOf"/>.</param>
    /// <param name="server">The API server's version.</param>
    /// <param name="host">The architecture of the runner's host.</param>
    /// <param name="buildkitdToml">The admin's buildkitd.toml, or null for the driver's.</param>
    /// <param name="now">When prepare began.</param>
    public static BuilderSpec Plan(
        JobContext job,
        DriverSettings settings,
        string name,
        ServerVersion server,
        Architecture host,
        string? buildkitdToml,
        DateTimeOffset now
    )
    {
        var lifetime = job.Timeout + GraceAfterTimeout;
        var expiry = now + LongestNeed(job, settings);
        return new BuilderSpec
        {
            Name = name,
            Namespace = settings.Kubernetes.Namespace,
            Labels = new Dictionary<string, string>
            {
                [BuilderLabels.ManagedBy] = BuilderLabels.ManagedByValue,
                [BuilderLabels.Component] = BuilderLabels.ComponentValue,
                [BuilderLabels.Instance] = settings.Instance,
                [BuilderLabels.JobId] = job.JobId.ToString(CultureInfo.InvariantCulture),
                [BuilderLabels.ProjectId] = job.ProjectId.ToString(CultureInfo.InvariantCulture),
            },
            Annotations = Annotations(job, expiry),
            Lifetime = lifetime,
            BuildkitdToml = buildkitdToml ?? Builder.BuildkitdToml.For(settings.Builder.StateSizeLimit),
            Settings = settings.Builder,
            Architecture = NodeLabels.Architecture(host),
            Server = server,
        };
    }

    private static Dictionary<string, string> Annotations(JobContext job, DateTimeOffset expiry)
    {
        var annotations = new Dictionary<string, string>
        {
            [BuilderLabels.ExpiresAt] = expiry.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            ),
        };
        // The author's text goes to an annotation, never to a label: any length and character is legal there, and
        // people read it escaped.
        if (job.JobName.Length > 0)
            annotations[BuilderLabels.JobName] = DisplayText.Of(job.JobName);
        if (job.JobUrl is { } jobUrl)
            annotations[BuilderLabels.JobUrl] = jobUrl.AbsoluteUri;
        if (job.ProjectUrl is { } projectUrl)
            annotations[BuilderLabels.ProjectUrl] = projectUrl.AbsoluteUri;
        return annotations;
    }
}
