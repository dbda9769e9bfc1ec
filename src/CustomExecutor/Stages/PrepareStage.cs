using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Scripts;
using CustomExecutor.Docker;
using CustomExecutor.Gc;
using CustomExecutor.Host;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Host.Processes;
using CustomExecutor.Kubernetes;
using CustomExecutor.Scripts;
using k8s.Models;

namespace CustomExecutor.Stages;

/// <summary>prepare: creates the job's builder and waits until the job can use it.</summary>
internal sealed class PrepareStage(StageInput input, StageLog log)
{
    /// <summary>For the deletion of what a failed prepare has made; the runner's own cleanup call follows in most
    /// cases.</summary>
    private static readonly TimeSpan DeletionBudget = TimeSpan.FromSeconds(10);

    private readonly JobContext _job = input.Job;
    private readonly PrepareTimings _times = new();

    /// <summary>Runs the stage.</summary>
    /// <param name="cancel">The runner wants it to end.</param>
    /// <exception cref="DriverException">There is no builder; what was made is deleted again.</exception>
    public async Task<int> Run(CancellationToken cancel)
    {
        var began = DateTimeOffset.UtcNow;
        var name = BuilderPlanner.NameOf(_job.JobId, RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 8));
        log.With("Pod", name);
        // The keys take about as long as the first two API calls.
        var certificates = Task.Run(
            () => JobCertificates.Create(name, began, _job.Timeout + BuilderPlanner.GraceAfterTimeout),
            cancel
        );
        new ScriptSandbox(input).Require();

        var record = RecordOf(name);
        new AttemptRecords(record.WorkspaceRoot).Write(record);
        MakeFiles();
        StateFile.Write(record);
        using var client = ClusterAccess.Open(input.Settings.Kubernetes, log.Admin);
        var retries = new ApiRetries(
            log,
            TimeSpan.FromSeconds(input.Settings.Builder.PrepareTimeoutSeconds) - _times.Elapsed
        );
        var pods = new BuilderPods(client, input.Settings.Kubernetes.Namespace, retries);
        var server = await pods.ReadServerVersion(cancel);
        _times.Mark(StartReport.Connected);
        var clock = client.Clock;
        if (clock.Difference is { } difference)
        {
            log.Admin.Warning("{Difference:l}", difference);
            certificates = Task.Run(
                () =>
                    JobCertificates.Create(
                        name,
                        began,
                        _job.Timeout + BuilderPlanner.GraceAfterTimeout,
                        clock.ServerAhead
                    ),
                cancel
            );
        }

        var toml = input.Settings.Builder.BuildkitdConfig is { } path
            ? AdminFile.Text(path, "builder.buildkitdConfig")
            : null;
        var spec = BuilderPlanner.Plan(
            _job,
            input.Settings,
            name,
            server,
            RuntimeInformation.OSArchitecture,
            toml,
            began
        ) with
        {
            Owner = Owner(),
        };
        try
        {
            var pod = await Create(pods, spec, await certificates, cancel);
            using var gc = PrepareGc.Begin(
                input.Settings,
                _job.Paths.Root,
                new BuilderPods(client, spec.Namespace),
                log.Admin
            );
            var notes = Task.Run(new ScriptSandbox(input).Notes, cancel);
            var clusterFiles = Task.Run(() => ClusterAccess.FilesOf(input.Settings.Kubernetes), cancel);
            var endpoint = await new BuilderWait(pods, await certificates, log, _times, clock).UntilReady(
                pod,
                TimeSpan.FromSeconds(input.Settings.Builder.PrepareTimeoutSeconds),
                cancel
            );
            JobFiles.WriteBuilder(_job.Paths, endpoint, name);
            StateFile.Write(
                record with
                {
                    Ready = true,
                    Endpoint = endpoint.Authority,
                    ClusterFiles = await clusterFiles,
                }
            );
            _times.Mark("done");
            log.Admin.Information("Builder ready at {Endpoint} after {Times}", endpoint.Url, _times.Marks);
            log.WriteToJobLog(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"BuildKit is ready after {_times.Elapsed.TotalSeconds:0.0} s"
                )
            );
            foreach (var note in await notes)
                log.WriteToJobLog(note);
            return 0;
        }
        catch (Exception)
        {
            await Delete(pods.With(new ApiRetries(log, DeletionBudget, hasContact: true)), name);
            throw;
        }
    }

    /// <summary>What cleanup and gc need; before anything that they would have to remove.</summary>
    private AttemptRecord RecordOf(string builder) =>
        new()
        {
            JobId = _job.JobId,
            Instance = input.Settings.Instance,
            Namespace = input.Settings.Kubernetes.Namespace,
            Builder = builder,
            Kubeconfig = input.Settings.Kubernetes.Kubeconfig,
            Context = input.Settings.Kubernetes.Context,
            WorkspaceRoot = input.Settings.Workspace.Root,
            AttemptDirectory = _job.Paths.Root,
            AttemptParent = AttemptDirectories.Parent(_job.Paths.Root),
            Began = HostClock.Now(),
            Lifetime = BuilderPlanner.LongestNeed(_job, input.Settings),
        };

    private OwnerPod? Owner()
    {
        var owner = OwnerPod.Of(input.Runner, input.Settings.Kubernetes.Namespace, out var mistake);
        if (mistake is not null)
            log.Admin.Warning("{Mistake:l}", mistake);
        return owner;
    }

    private void MakeFiles()
    {
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
        if (OnPath("docker") is { } program)
            JobFiles.WriteProgram(_job.Paths, "docker", DockerInDocker.Wrapper(program, _job.Services));
        foreach (var name in SshPrograms.Names)
        {
            if (OnPath(name) is { } real)
                JobFiles.WriteProgram(_job.Paths, name, SshPrograms.Wrapper(name, real, _job.Paths));
        }

        if (UnusedImages.Notice(_job) is { } unused)
            log.WriteToJobLog(unused);
        if (DockerInDocker.Notice(input.Runner.JobVariable, _job.Services) is { } notice)
            log.WriteToJobLog(notice);
    }

    /// <summary>Where a script would find a program; null where it would not.</summary>
    private string? OnPath(string program) =>
        ChildProcessFile.Find(new ChildProcessStart(program, [], input.Runner.Variables));

    private bool HasHelper(string name) => !name.Contains('/') && OnPath($"docker-credential-{name}") is not null;

    /// <summary>
    /// The pod first, then its secret: so the secret has an owner from its first moment, and a driver that dies between
    /// the two leaves no key behind. The kubelet mounts the secret some 100 ms later; if it is not there by then, it
    /// tries again.
    /// </summary>
    private async Task<V1Pod> Create(
        BuilderPods pods,
        BuilderSpec spec,
        JobCertificates certificates,
        CancellationToken cancel
    )
    {
        var pod = await pods.Create(PodManifest.Create(spec), cancel);
        _times.Mark(StartReport.Created);
        log.WriteToJobLog($"Created builder {spec.Name} in namespace {spec.Namespace}");
        await pods.Create(SecretManifest.Create(spec, certificates.Server, pod.Metadata.Uid), cancel);
        _times.Mark("secret");
        JobFiles.WriteCertificates(_job.Paths, certificates);
        return pod;
    }

    private async Task Delete(BuilderPods pods, string name)
    {
        using var budget = new CancellationTokenSource(DeletionBudget);
        try
        {
            await pods.Delete(name, budget.Token);
        }
        catch (Exception e)
        {
            log.Admin.Warning(e, "The failed builder can't be deleted now; cleanup or its deadline will");
        }
    }
}
