using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Settings;
using CustomExecutor.Gc;
using CustomExecutor.Host;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Stages;

/// <summary>prepare: creates the job's pod and waits until the job can use it.</summary>
internal sealed class PrepareStage(StageInput input, StageLog log, TimeProvider time)
{
    /// <summary>For the deletion of what a failed prepare has made; the runner's own cleanup call follows in most
    /// cases.</summary>
    private static readonly TimeSpan DeletionBudget = TimeSpan.FromSeconds(10);

    private readonly PrepareTimings _times = new(time);

    /// <summary>Runs the stage.</summary>
    /// <param name="cancel">The runner wants it to end.</param>
    /// <exception cref="DriverException">The job has no pod; what was made is deleted again.</exception>
    public async Task<int> Run(CancellationToken cancel)
    {
        var began = time.GetUtcNow();
        var name = BuilderPlanner.NameOf(
            input.Job.JobId,
            RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 8)
        );
        log.With("Pod", name);
        IPreparation preparation =
            input.Settings.Scripts.RunIn == ScriptPlace.Pod
                ? new PodPreparation(input, log, time, _times, name)
                : new HostPreparation(input, log, time, _times, name, began);
        var record = RecordOf(name);
        preparation.Begin(record);
        StateFile.Write(record);

        using var client = ClusterAccess.Open(input.Settings.Kubernetes, time, log.Admin);
        var budget = TimeSpan.FromSeconds(input.Settings.Builder.PrepareTimeoutSeconds) - _times.Elapsed;
        var pods = new BuilderPods(client, input.Settings.Kubernetes.Namespace, new ApiRetries(log, budget, time));
        var server = await pods.ReadServerVersion(cancel);
        _times.Mark(StartReport.Connected);
        if (client.Clock.Difference is { } difference)
            log.Admin.Warning("{Difference:l}", difference);
        preparation.Connected(client.Clock);
        var spec = Plan(name, server, began);
        try
        {
            var pod = await preparation.Create(pods, spec, cancel);
            using var gc = PrepareGc.Begin(
                input.Settings,
                input.Job,
                new BuilderPods(client, spec.Namespace, ApiRetries.None(time)),
                log.Admin,
                time
            );
            StateFile.Write(await preparation.UntilReady(record, client, pods, pod, cancel));
            _times.Mark(StartReport.Done);
            log.Admin.Information("Builder {Name} ready after {Times}", name, _times.Marks);
            return 0;
        }
        catch (Exception)
        {
            await Delete(pods.With(new ApiRetries(log, DeletionBudget, time, hasContact: true)), name);
            throw;
        }
    }

    private BuilderSpec Plan(string name, Core.Kubernetes.ServerVersion server, DateTimeOffset began)
    {
        var toml = input.Settings.Builder.BuildkitdConfig is { } path
            ? AdminFile.Text(path, "builder.buildkitdConfig")
            : null;
        var owner = OwnerPod.Of(input.Runner, input.Settings.Kubernetes.Namespace, out var mistake);
        if (mistake is not null)
            log.Admin.Warning("{Mistake:l}", mistake);
        return BuilderPlanner.Plan(
            input.Job,
            input.Settings,
            name,
            server,
            RuntimeInformation.OSArchitecture,
            toml,
            began
        ) with
        {
            Owner = owner,
        };
    }

    /// <summary>What cleanup and gc need; before anything that they would have to remove.</summary>
    private AttemptRecord RecordOf(string builder) =>
        new()
        {
            JobId = input.Job.JobId,
            Instance = input.Settings.Instance,
            Namespace = input.Settings.Kubernetes.Namespace,
            Builder = builder,
            Kubeconfig = input.Settings.Kubernetes.Kubeconfig,
            Context = input.Settings.Kubernetes.Context,
            WorkspaceRoot = input.Settings.Workspace.Root,
            AttemptDirectory = input.Job.Paths.Root,
            AttemptParent = AttemptDirectories.Parent(input.Job.Paths.Root),
            Began = HostClock.Now(time),
            Lifetime = BuilderPlanner.LongestNeed(input.Job, input.Settings),
        };

    private async Task Delete(BuilderPods pods, string name)
    {
        using var budget = new CancellationTokenSource(DeletionBudget, time);
        try
        {
            await pods.Delete(name, budget.Token);
        }
        catch (Exception e)
        {
            log.Admin.Warning(e, "The failed pod can't be deleted now; cleanup or its deadline will");
        }
    }
}
