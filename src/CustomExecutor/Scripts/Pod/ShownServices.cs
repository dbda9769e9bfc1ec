using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Shows the services' logs in the job log while a script runs, where the job asks for it
/// (<c>CI_DEBUG_SERVICES</c>). Nothing that goes wrong here is the job's failure.</summary>
internal sealed class ShownServices(
    StageInput input,
    AttemptRecord record,
    ClusterClient client,
    ScriptOutput output,
    StageLog log,
    TimeProvider time
)
{
    /// <summary>For what the services have said by a script's end; the rest comes with the next script.</summary>
    private static readonly TimeSpan AfterTheScript = TimeSpan.FromSeconds(5);

    /// <summary>Until the script is over, and then what is left.</summary>
    /// <param name="over">The script is over.</param>
    public async Task Show(CancellationToken over)
    {
        // The runner's first scripts run while the services' images are pulled.
        if (!File.Exists(input.Job.Paths.StartedFile) || ShownServiceLogs.Of(input.Job) is not { Count: > 0 } services)
            return;
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var bound = over.UnsafeRegister(_ => end.CancelAfter(AfterTheScript), null);
        var warnings = await Task.WhenAll(
            services.Select(service =>
                new ShownService(
                    service.Container,
                    service.Name,
                    input.Job.Paths.ShownFile(service.Container),
                    record,
                    client,
                    output,
                    log,
                    time
                ).Show(over, end.Token)
            )
        );
        if (warnings.OfType<string>().FirstOrDefault() is { } warning)
            Warn(warning);
    }

    /// <summary>Once for a job.</summary>
    private void Warn(string warning)
    {
        try
        {
            if (File.Exists(input.Job.Paths.UnshownFile))
                return;
            PrivateFiles.Write(input.Job.Paths.UnshownFile, "");
            JobLogSink.Write(warning);
        }
        catch (DriverException e)
        {
            log.Admin.Warning(e, "The author can't be warned of a service's log");
        }
    }
}
