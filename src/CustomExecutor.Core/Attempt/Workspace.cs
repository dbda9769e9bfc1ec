using System.Globalization;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Attempt;

/// <summary>Where one attempt's job files lie on the runner's host: a directory that no other job shares.</summary>
/// <param name="Directory">The whole of it; cleanup removes it.</param>
/// <param name="BuildsDirectory">The runner's <c>builds_dir</c>.</param>
/// <param name="CacheDirectory">The runner's <c>cache_dir</c>: in the workspace, or the project's where the admin keeps
/// local caches, its protected branches' apart from the others'.</param>
public sealed record Workspace(string Directory, string BuildsDirectory, string CacheDirectory)
{
    /// <summary>Decides the directories; the same answer in every stage of an attempt.</summary>
    /// <param name="job">The job.</param>
    /// <param name="settings">Where the admin keeps workspaces and caches.</param>
    /// <param name="instance">The settings' <c>instance</c>, a label's value.</param>
    public static Workspace Of(JobContext job, WorkspaceSettings settings, string instance)
    {
        var directory = Path.Join(settings.Root, job.Paths.WorkspaceName(job.JobId));
        return new Workspace(
            directory,
            Path.Join(directory, "builds"),
            settings.CacheRoot is { } root
                ? Path.Join(root, ProjectCache(job, instance))
                : Path.Join(directory, "cache")
        );
    }

    /// <summary>The directory of a job's project within what holds the caches of all: a relative path.</summary>
    /// <param name="job">The job.</param>
    /// <param name="instance">The settings' <c>instance</c>, a label's value.</param>
    public static string ProjectCache(JobContext job, string instance) =>
        Path.Join(
            Server(job, instance),
            // Apart, for whoever may push to any branch would else write what a protected one's job unpacks and runs.
            string.Create(
                CultureInfo.InvariantCulture,
                $"project-{job.ProjectId}{(job.IsProtected ? "-protected" : "")}"
            )
        );

    /// <summary>A directory for one GitLab server: two servers have projects of one id. No colon: it separates the
    /// entries of lists like PATH.</summary>
    private static string Server(JobContext job, string instance)
    {
        var server = job.ProjectUrl is { } url
            ? string.Create(CultureInfo.InvariantCulture, $"{url.IdnHost}_{url.Port}")
            : "_";
        return Path.Join(instance, server.ToLowerInvariant().Replace(':', '_'));
    }
}
