using CustomExecutor.Core;
using CustomExecutor.Host;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Processes;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Commands.Try;

/// <summary>One call of <c>try</c>: runs the job, shows its builder, and checks that nothing is left.</summary>
internal sealed class TrySession(TryRequest request)
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
        using var termination = new Termination(TimeSpan.Zero);
        using var client = ClusterAccess.Open(request.Settings.Kubernetes);
        var job = new PlayedJob
        {
            // Much larger than the ids of GitLab servers today, so that it does not match a real job's builder.
            Id = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Variables = request.Variables,
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
        var traces = new TryTraces(
            new BuilderPods(client, request.Settings.Kubernetes.Namespace),
            request.Settings.Instance,
            job.Id
        );
        try
        {
            log.Plain($"Running one job with custom-executor {DriverVersion.Text}, which simulates GitLab Runner");
            var run = new PlayedJobRun(runner, job, new PlayedScripts(request.Sources, request.Script), log)
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
