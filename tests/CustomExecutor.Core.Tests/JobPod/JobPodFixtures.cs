using System.Runtime.InteropServices;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Tests.Settings;
using k8s.Models;

namespace CustomExecutor.Core.Tests.JobPod;

/// <summary>Jobs and settings as texts, and what is decided for them.</summary>
internal static class JobPodFixtures
{
    public const string Name = "k8s-builder-7-bcdfghjk";

    /// <summary>The decision.</summary>
    /// <param name="job">More keys of the job response, with ' for ".</param>
    /// <param name="settings">The settings file, likewise.</param>
    /// <param name="minor">The API server's minor version.</param>
    /// <param name="authConfig">The job's <c>DOCKER_AUTH_CONFIG</c>.</param>
    /// <param name="host">The architecture of the runner's host.</param>
    public static JobPodPlan Plan(
        string job = "",
        string settings = "{}",
        int minor = 36,
        string? authConfig = null,
        Architecture host = Architecture.X64
    )
    {
        var context = JobContext.From(
            JobResponse.Parse(
                ("{ 'id': 7, 'job_info': { 'project_id': 42 }" + (job.Length > 0 ? "," : "") + job + "}").Replace(
                    '\'',
                    '"'
                )
            ),
            "/tmp/custom-executor1"
        );
        var choices = SettingsText.Read(settings);
        var builder = BuilderPlanner.Plan(
            context,
            choices,
            Name,
            new ServerVersion(1, minor),
            host,
            null,
            DateTimeOffset.UnixEpoch
        );
        return JobPodPlanner.Plan(builder, context, choices, authConfig?.Replace('\'', '"'));
    }

    public static V1Pod Pod(string job = "", string settings = "{}", int minor = 36, string? authConfig = null) =>
        JobPodManifest.Create(Plan(job, settings, minor, authConfig).Spec);

    public static V1Container Container(this V1Pod pod, string name) =>
        pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Single(container => container.Name == name);

    /// <summary>Why the job fails, a sentence each; it is the job's own failure.</summary>
    public static string[] Refusal(string job, string settings = "{}")
    {
        var plan = () => Plan(job, settings);
        return plan.Should().Throw<DriverException>().Where(e => e.Kind == FailureKind.Build).Which.Message.Split('\n');
    }
}
