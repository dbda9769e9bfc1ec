using System.Text.RegularExpressions;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.JobPod;

/// <summary>The image of the runner's own scripts. Its gitlab-runner-helper must have the runner's version.</summary>
internal static partial class HelperImage
{
    private const string VersionVariable = "CI_RUNNER_VERSION";

    private const string Repository = "registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper";

    /// <summary>For jobs that do not tell their runner's version (its boot verification).</summary>
    private const string KnownVersion = "19.3.0";

    /// <summary>The image.</summary>
    /// <param name="setting">The admin's, where <c>${CI_RUNNER_VERSION}</c> stands for the version, as in GitLab's own
    /// <c>helper_image</c>; null for GitLab's.</param>
    /// <param name="variables">The job's variables.</param>
    /// <param name="architecture">The node's, as Kubernetes names it.</param>
    public static string Of(string? setting, IReadOnlyList<JobVariable> variables, string architecture)
    {
        var version = Version(variables);
        return setting?.Replace($"${{{VersionVariable}}}", version, StringComparison.Ordinal)
            ?? $"{Repository}:{(architecture == "amd64" ? "x86_64" : architecture)}-v{version}";
    }

    /// <summary>The first of its name is GitLab's own: an author's comes later and must not choose what the runner's
    /// scripts run in.</summary>
    private static string Version(IReadOnlyList<JobVariable> variables) =>
        variables.FirstOrDefault(v => v.Key == VersionVariable)?.Value is { } version && Release().IsMatch(version)
            ? version
            : KnownVersion;

    [GeneratedRegex(@"^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\z")]
    private static partial Regex Release();
}
