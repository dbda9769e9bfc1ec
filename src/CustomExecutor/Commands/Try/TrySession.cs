using CustomExecutor.Core;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Processes;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Commands.Try;

/// <summary>One call of <c>try</c>: the job, a look at its builder meanwhile, and a look at what is left.</summary>
internal sealed class TrySession(TryRequest request, TimeProvider time)
{
    /// <summary>Runs the job.</summary>
    /// <returns>
    /// 0 for success; 1 if the job itself failed; 2 for a failure of the driver or the cluster, or if something was
    /// left.
    /// </returns>
    public async Task<int> Run()
    {
        await using var stdout = Console.OpenStandardOutput();
        var log = new JobLog(stdout, colours: !Console.IsOutputRedirected);
        using var termination = new Termination(TimeSpan.Zero, time);
        using var client = ClusterAccess.Open(request.Settings.Kubernetes, time);
        var job = new PlayedJob
        {
            // Unlike any id that a GitLab server gives today: no real job's builder is taken for this one's.
            Id = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Variables = request.Variables,
            Image = request.Image,
            Services = request.Services,
        };
        var runner = new PlayedRunner
        {
            Driver =
                Environment.ProcessPath
                ?? throw new DriverException("This program's own path is not known (is /proc mounted?)."),
            Arguments = request.SettingsArguments,
            Environment = request.Environment.Variables,
            TempRoot = Path.Join(Path.GetTempPath(), $"custom-executor-try-{job.Id}"),
        };
        var inPod = request.Settings.Scripts.RunIn == ScriptPlace.Pod;
        var traces = new TryTraces(
            new BuilderPods(client, request.Settings.Kubernetes.Namespace, ApiRetries.None(time)),
            request.Settings.Instance,
            job.Id,
            inPod,
            time
        );
        try
        {
            log.Plain($"Running one job with custom-executor {DriverVersion.Text}, which plays GitLab Runner");
            var scripts = new PlayedScripts(request.Sources, request.Script) { InPod = inPod };
            var run = new PlayedJobRun(runner, job, scripts, log, time)
            {
                Prepared = attempt => traces.ShowBuilder(attempt, log, termination.Token),
            };
            var result = await run.Run(termination.Token);
            var clean = await traces.AreGone(log, termination.Token);
            return clean ? (int)result.Outcome : (int)RunnerOutcome.SystemFailure;
        }
        finally
        {
            DirectoryRemoval.Remove(runner.TempRoot);
        }
    }
}
