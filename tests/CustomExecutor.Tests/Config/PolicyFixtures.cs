using System.Runtime.InteropServices;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using k8s.Models;

namespace CustomExecutor.Tests.Config;

/// <summary>The driver's own pods and secrets.</summary>
internal static class PolicyFixtures
{
    public static V1Pod Pod(
        string @namespace,
        Action<BuilderSettings>? with = null,
        int minor = 34,
        OwnerPod? owner = null
    ) => PodManifest.Create(Spec(@namespace, with, minor) with { Owner = owner });

    public static V1Secret Secret(string @namespace) =>
        SecretManifest.Create(
            Spec(@namespace, null, 34),
            new ServerCredentials("ca", "certificate", "key"),
            Guid.NewGuid().ToString()
        );

    private static BuilderSpec Spec(string @namespace, Action<BuilderSettings>? with, int minor)
    {
        var settings = new DriverSettings { Kubernetes = new KubernetesSettings { Namespace = @namespace } };
        with?.Invoke(settings.Builder);
        var job = JobContext.From(
            new JobResponse
            {
                Id = 4711,
                JobInfo = new JobInfo("build", "build", 42, "group/project"),
                GitInfo = new GitInfo("https://gitlab.example.com/group/project.git"),
                RunnerInfo = new RunnerInfo(3600),
            },
            "/tmp/custom-executor1"
        );
        return BuilderPlanner.Plan(
            job,
            settings,
            BuilderPlanner.NameOf(4711, Guid.NewGuid().ToString("N")[..8]),
            new ServerVersion(1, minor),
            Architecture.X64,
            null,
            DateTimeOffset.UtcNow
        );
    }
}
