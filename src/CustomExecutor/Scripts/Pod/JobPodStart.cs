using System.Text;
using CustomExecutor.Attempt;
using CustomExecutor.Builder;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>Waits, before the author's first script, for its container, the builder and the services.</summary>
internal sealed class JobPodStart(
    StageInput input,
    AttemptRecord record,
    PodRecord pod,
    ClusterClient client,
    StageLog log,
    TimeProvider time
)
{
    /// <summary>Returns at once if an earlier stage has waited.</summary>
    /// <exception cref="DriverException">A container failed, or they were not ready in time.</exception>
    public async Task Wait(CancellationToken cancel)
    {
        if (File.Exists(input.Job.Paths.StartedFile))
            return;
        var timeout = TimeSpan.FromSeconds(input.Settings.Builder.PrepareTimeoutSeconds);
        var times = new PrepareTimings(time);
        var pods = new BuilderPods(client, record.Namespace, new ApiRetries(log, timeout, time, hasContact: true));
        if (await pods.Find(record.Builder, cancel) is not { } found)
            throw new DriverException(BuilderHistory.Gone(record.Builder).Message);
        await new BuilderWait(
            pods,
            new FollowedContainers(pod.OfAuthorsScripts, pod.Containers),
            async (_, end) =>
            {
                await UntilTheyAnswer(end);
                return new ConnectionTry(Answers: true, Listens: true);
            },
            log,
            times,
            client.Clock,
            time
        ).UntilReady(found, timeout, cancel);
        PrivateFiles.Write(input.Job.Paths.StartedFile, "");
    }

    private async Task UntilTheyAnswer(CancellationToken cancel)
    {
        var script = Encoding.UTF8.GetBytes(JobPodWait.Script(pod.Ports, pod.HasEngine));
        var printed = await new DriverScript(client, record.Namespace, record.Builder, log, time).Run(
            script,
            "wait for BuildKit and the services",
            cancel
        );
        foreach (var line in printed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            log.WriteToJobLog(DisplayText.Of(line, 400));
    }
}
