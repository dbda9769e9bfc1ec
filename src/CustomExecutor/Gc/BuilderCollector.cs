using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Gc;
using CustomExecutor.Kubernetes;
using k8s.Models;

namespace CustomExecutor.Gc;

/// <summary>Removes builders.</summary>
internal sealed class BuilderCollector(BuilderPods builders, GcReport report)
{
    private readonly Dictionary<string, V1Pod> _pods = [];
    private DateTimeOffset _now;

    /// <summary>Looks at the builders of an instance, or of all.</summary>
    /// <param name="instance">Whose builders; null for all.</param>
    /// <param name="clock">This host's clock, for a server that does not tell its own.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="DriverException">They can't be listed.</exception>
    public async Task Look(string? instance, DateTimeOffset clock, CancellationToken cancel)
    {
        var (pods, serverTime) = await builders.List(instance, cancel);
        _now = serverTime ?? clock;
        foreach (var pod in pods)
            _pods[pod.Metadata.Name] = pod;
    }

    /// <summary>Removes those whose pods say that they are over.</summary>
    /// <param name="live">Builders whose jobs this host knows to live, whatever a clock says.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task CollectExpired(IReadOnlySet<string> live, CancellationToken cancel)
    {
        foreach (var pod in _pods.Values.Where(p => !live.Contains(p.Metadata.Name)).ToList())
        {
            if (report.IsFull)
                return;
            cancel.ThrowIfCancellationRequested();
            try
            {
                var decision = BuilderDecision.Of(pod, _now);
                if (decision.Kind == GcDecisionKind.Leave)
                    report.Leave($"builder {pod.Metadata.Name}: {decision.Reason}");
                if (decision.Kind == GcDecisionKind.Remove)
                    await Remove(pod, decision, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                report.Problem(e);
            }
        }
    }

    /// <summary>Removes the builder of an attempt that is over, as far as there is anything of it.</summary>
    /// <exception cref="DriverException">It can't be deleted.</exception>
    public async Task CollectOf(AttemptRecord record, GcDecision decision, CancellationToken cancel)
    {
        if (record.Namespace != builders.Namespace)
        {
            report.Leave(
                $"builder {record.Builder} of job {record.JobId}, if there is one: it is in namespace "
                    + $"{record.Namespace}, not {builders.Namespace}; its own deadline ends it"
            );
        }
        else if (_pods.TryGetValue(record.Builder, out var pod))
        {
            await Remove(pod, decision, cancel);
        }
        else if (!report.DryRun && await builders.DeleteSecret(record.Builder, cancel))
        {
            report.Remove("secrets", $"secret {record.Builder} of job {record.JobId}: {decision.Reason}");
        }
    }

    private async Task Remove(V1Pod pod, GcDecision decision, CancellationToken cancel)
    {
        _pods.Remove(pod.Metadata.Name);
        // On its way already; an attempt's record that says so as well adds nothing.
        if (pod.Metadata.DeletionTimestamp is not null)
            return;
        if (report.DryRun || await builders.DeleteExactly(pod, cancel))
            report.Remove("builders", $"builder {pod.Metadata.Name} of {JobOf(pod)}: {decision.Reason}");
    }

    private static string JobOf(V1Pod pod)
    {
        var job = $"job {BuilderDecision.JobOf(pod)}";
        return pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(BuilderLabels.JobUrl, out var url)
            ? $"{job} ({DisplayText.Of(url)})"
            : job;
    }
}
