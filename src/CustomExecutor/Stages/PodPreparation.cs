using System.Globalization;
using System.Text;
using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Scripts.Pod;
using k8s.Models;

namespace CustomExecutor.Stages;

/// <summary>prepare where scripts run in the job's pod: it waits for the helper alone, so that sources are fetched
/// while the other images are pulled and the builder starts.</summary>
internal sealed class PodPreparation(
    StageInput input,
    StageLog log,
    TimeProvider time,
    PrepareTimings times,
    string name
) : IPreparation
{
    private PodRecord? _pod;

    public void Begin(AttemptRecord record)
    {
        PrivateFiles.MakeDirectory(input.Job.Paths.Driver);
        var hasEngine = JobPodPlanner.HasEngine(input.Settings);
        if (DockerInDocker.Notice(input.Runner.JobVariable, input.Job.Services, hasEngine) is { } notice)
            log.WriteToJobLog(notice);
    }

    public void Connected(ClusterClock server)
    {
        // Nothing of the pod depends on this host's clock: it has no certificates.
    }

    public async Task<V1Pod> Create(BuilderPods pods, BuilderSpec spec, CancellationToken cancel)
    {
        var plan = JobPodPlanner.Plan(spec, input.Job, input.Settings, AuthConfig.Of(input.Runner, input.Job));
        foreach (var line in plan.Notices)
            log.WriteToJobLog(line);
        _pod = plan.Spec.ToRecord();
        var pod = await pods.Create(JobPodManifest.Create(plan.Spec), cancel);
        times.Mark(StartReport.Created);
        log.WriteToJobLog(
            $"Created pod {spec.Name} in namespace {spec.Namespace} for image "
                + DisplayText.Of(plan.Spec.Build.Container.Image)
        );
        await pods.Create(JobSecretManifest.Create(plan.Spec, pod.Metadata.Uid), cancel);
        times.Mark(StartReport.HasSecret);
        return pod;
    }

    public async Task<AttemptRecord> UntilReady(
        AttemptRecord record,
        ClusterClient client,
        BuilderPods pods,
        V1Pod pod,
        CancellationToken cancel
    )
    {
        var needed = _pod!.Containers.Where(c => c.Role is ContainerRole.Tools or ContainerRole.Helper);
        await new BuilderWait(
            pods,
            new FollowedContainers([.. needed], _pod.Containers),
            async (_, end) =>
            {
                await SetUp(client, end);
                return new ConnectionTry(Answers: true, Listens: true);
            },
            log,
            times,
            client.Clock,
            time,
            until: "for the helper to set the pod up"
        ).UntilReady(pod, TimeSpan.FromSeconds(input.Settings.Builder.PrepareTimeoutSeconds), cancel);
        log.WriteToJobLog(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The job's pod takes scripts after {times.Elapsed.TotalSeconds:0.0} s"
            )
        );
        return record with { Ready = true, Pod = _pod };
    }

    private async Task SetUp(ClusterClient client, CancellationToken cancel)
    {
        var docker = DockerConfig.Create(
            input.Job.RegistryCredentials,
            AuthConfig.Of(input.Runner, input.Job),
            input.Settings.Docker with
            {
                CliPluginsExtraDirs = [JobPodPaths.DockerPlugins],
            },
            // Nobody can look into the author's image yet.
            _ => false
        );
        foreach (var warning in docker.Warnings)
            log.WriteToJobLog($"Warning: {warning}");
        var wrapper = new DockerWrapper(
            input.Job.Services,
            _pod!.HasEngine ? JobPodSetup.EngineClient(name) : null
        ).InPod(JobPodPaths.Docker, JobPodPaths.Programs, input.Settings.Tools.Prefer == ToolPreference.Image);
        var script = JobPodSetup.Script(name, docker, wrapper);
        await new DriverScript(client, input.Settings.Kubernetes.Namespace, name, log, time).Run(
            Encoding.UTF8.GetBytes(script),
            "set the job's pod up",
            cancel
        );
    }
}
