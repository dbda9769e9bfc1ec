using System.Globalization;
using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Scripts;
using CustomExecutor.Docker;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Host.Processes;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Scripts;
using k8s.Models;

namespace CustomExecutor.Stages;

/// <summary>prepare where scripts run on the host: a builder that takes connections with the job's
/// certificate.</summary>
internal sealed class HostPreparation(
    StageInput input,
    StageLog log,
    TimeProvider time,
    PrepareTimings times,
    string name,
    DateTimeOffset began
) : IPreparation
{
    private readonly JobContext _job = input.Job;
    private string? _docker;
    private EngineOnHost? _engine;

    // The keys take about as long as the first two API calls.
    private Task<JobCertificates> _certificates = Task.Run(() => Certificates(input, name, began, TimeSpan.Zero));

    public void Begin(AttemptRecord record)
    {
        new ScriptSandbox(input).Require();
        new AttemptRecords(record.WorkspaceRoot).Write(record);
        PrivateFiles.MakeDirectory(input.Workspace.BuildsDirectory);
        PrivateFiles.MakeDirectory(input.Workspace.CacheDirectory);
        JobFiles.MakeDirectories(_job.Paths);
        var docker = DockerConfig.Create(
            _job.RegistryCredentials,
            AuthConfig.Of(input.Runner, _job),
            input.Settings.Docker,
            HasHelper
        );
        JobFiles.WriteDockerConfig(_job.Paths, docker);
        foreach (var warning in docker.Warnings)
            log.WriteToJobLog($"Warning: {warning}");
        _docker = OnPath("docker");
        _engine = EngineFiles.Prepare(input.Settings, _job.Paths, _docker is not null, log);
        foreach (var ssh in SshPrograms.Names)
        {
            if (OnPath(ssh) is { } real)
                JobFiles.WriteProgram(_job.Paths, ssh, SshPrograms.Wrapper(ssh, real, _job.Paths));
        }

        if (UnusedImages.Notice(_job) is { } unused)
            log.WriteToJobLog(unused);
        if (DockerInDocker.Notice(input.Runner.JobVariable, _job.Services, _engine is not null) is { } notice)
            log.WriteToJobLog(notice);
    }

    public void Connected(ClusterClock server)
    {
        // Certificates by the builder's clock, not by this host's.
        if (server.Difference is not null)
            _certificates = Task.Run(() => Certificates(input, name, began, server.ServerAhead));
    }

    /// <summary>
    /// The pod first, then its secret: so the secret has an owner from its first moment, and a driver that dies between
    /// the two leaves no key behind. The kubelet mounts the secret some 100 ms later; if it is not there by then, it
    /// tries again.
    /// </summary>
    public async Task<V1Pod> Create(BuilderPods pods, BuilderSpec spec, CancellationToken cancel)
    {
        if (_engine is not null)
            EngineFiles.WriteConfig(_job.Paths, spec.BuildkitdToml);
        var certificates = await _certificates;
        var pod = await pods.Create(PodManifest.Create(spec), cancel);
        times.Mark(StartReport.Created);
        log.WriteToJobLog($"Created builder {spec.Name} in namespace {spec.Namespace}");
        await pods.Create(SecretManifest.Create(spec, certificates.Server, pod.Metadata.Uid), cancel);
        times.Mark(StartReport.HasSecret);
        JobFiles.WriteCertificates(_job.Paths, certificates);
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
        var notes = Task.Run(new ScriptSandbox(input).Notes, cancel);
        var clusterFiles = Task.Run(() => ClusterAccess.FilesOf(input.Settings.Kubernetes), cancel);
        var handshake = new BuilderHandshake(await _certificates, name, time);
        var address = await new BuilderWait(
            pods,
            FollowedContainers.BuilderAlone,
            handshake.Try,
            log,
            times,
            client.Clock,
            time
        ).UntilReady(pod, TimeSpan.FromSeconds(input.Settings.Builder.PrepareTimeoutSeconds), cancel);
        var endpoint = handshake.EndpointOf(address);
        JobFiles.WriteBuilder(_job.Paths, endpoint, name);
        if (_docker is not null)
        {
            var wrapper = new DockerWrapper(_job.Services, _engine?.Client(endpoint, name)).OnHost(_docker);
            JobFiles.WriteProgram(_job.Paths, "docker", wrapper);
        }

        log.WriteToJobLog(
            string.Create(CultureInfo.InvariantCulture, $"BuildKit is ready after {times.Elapsed.TotalSeconds:0.0} s")
        );
        foreach (var note in await notes)
            log.WriteToJobLog(note);
        return record with
        {
            Ready = true,
            Endpoint = endpoint.Authority,
            ClusterFiles = await clusterFiles,
            HasEngine = _engine is not null,
        };
    }

    private static JobCertificates Certificates(
        StageInput input,
        string name,
        DateTimeOffset began,
        TimeSpan serverAhead
    ) => JobCertificates.Create(name, began, input.Job.Timeout + BuilderPlanner.GraceAfterTimeout, serverAhead);

    /// <summary>Where a script would find a program; null where it would not.</summary>
    private string? OnPath(string program) =>
        ChildProcessFile.Find(new ChildProcessStart(program, [], input.Runner.Variables));

    private bool HasHelper(string helper) => !helper.Contains('/') && OnPath($"docker-credential-{helper}") is not null;
}
