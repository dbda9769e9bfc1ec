using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Looks at the services whose ports are waited for, and ends the wait for one whose container has
/// ended.</summary>
internal sealed class WaitedServices(
    AttemptRecord record,
    IReadOnlyList<ServicePort> services,
    ClusterClient client,
    StageLog log,
    TimeProvider time
)
{
    /// <summary>The kubelet looks at its containers once a second.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>Until all have ended, or nobody waits any more.</summary>
    /// <param name="over">The wait is over.</param>
    public async Task EndWaits(CancellationToken over)
    {
        var pods = new BuilderPods(client, record.Namespace, ApiRetries.None(time));
        var waited = services.ToList();
        while (waited.Count > 0 && !over.IsCancellationRequested)
        {
            try
            {
                var statuses = (await pods.Find(record.Builder, over))?.Status?.ContainerStatuses ?? [];
                var ended = waited.FindAll(service =>
                    statuses.Any(s => s.Name == service.Container && s.State?.Terminated is not null)
                );
                if (ended.Count > 0)
                {
                    await new DriverScript(client, record.Namespace, record.Builder, log, time).Run(
                        Encoding.UTF8.GetBytes(JobPodWait.Ended(ended)),
                        "end the wait for services that have ended",
                        over
                    );
                    waited.RemoveAll(ended.Contains);
                }

                await Task.Delay(BetweenLooks, time, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (DriverException e)
            {
                // The wait has an end of its own.
                log.Admin.Warning(e, "The services that are waited for can't be looked at");
                return;
            }
        }
    }
}
