using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>
/// Notes which script runs. If its driver is killed, or loses the API server for good, it runs on in its container, and
/// the runner goes on with <c>after_script</c> (<c>executeScript</c> in <c>common/build.go</c> of its source): the next
/// driver ends it first.
/// </summary>
/// <param name="file">Where it is noted.</param>
/// <param name="record">The attempt.</param>
/// <param name="grace">From SIGTERM to SIGKILL.</param>
/// <param name="client">The cluster.</param>
/// <param name="log">Where trouble is told.</param>
/// <param name="time">The clock.</param>
internal sealed class RunningScript(
    string file,
    AttemptRecord record,
    TimeSpan grace,
    ClusterClient client,
    StageLog log,
    TimeProvider time
)
{
    /// <summary>Ends a script that has lost its driver, if there is one.</summary>
    public async Task EndLeft(CancellationToken cancel)
    {
        if (PrivateFiles.Read(file)?.Split(' ') is not [var container, var id])
            return;
        log.Admin.Warning("Script {Id} in container {Container} has lost its driver and is ended", id, container);
        var target = new ExecTarget(record.Namespace, record.Builder, container);
        var request = new PodScriptRequest(new PodScriptId(id), target, default) { Grace = grace };
        await new PodScriptEnd(new PodExec(client, target), request, log, time).RunAlone(cancel);
        IsOver();
    }

    /// <summary>A script is about to be started.</summary>
    public void Begins(PodScriptRequest request) =>
        PrivateFiles.Write(file, $"{request.Target.Container} {request.Id.Text}");

    /// <summary>It has ended, or nothing more can be done.</summary>
    public void IsOver() => File.Delete(file);
}
