using System.Runtime.InteropServices;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Builder;

/// <summary>One job and what is decided for it.</summary>
internal static class BuilderFixtures
{
    public const string Name = "k8s-builder-7-bcdfghjk";

    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));

    public static JobContext JobOf(
        string name = "build image",
        string? repoUrl = "https://gitlab-ci-token:s3cret@gitlab.example.com/group/project.git",
        long timeout = 3600
    ) =>
        JobContext.From(
            new JobResponse
            {
                Id = 7,
                JobInfo = new JobInfo(name, "build", 42, "group/project"),
                GitInfo = new GitInfo(repoUrl),
                RunnerInfo = new RunnerInfo(timeout),
            },
            "/tmp/custom-executor1"
        );

    public static BuilderSpec Spec(
        JobContext? job = null,
        DriverSettings? settings = null,
        int minor = 34,
        string? toml = null,
        Architecture host = Architecture.X64
    ) =>
        BuilderPlanner.Plan(
            job ?? JobOf(),
            settings ?? new DriverSettings(),
            Name,
            new ServerVersion(1, minor),
            host,
            toml,
            Now
        );
}
