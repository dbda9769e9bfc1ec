using System.Security.Cryptography;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.Scripts.Pod;

/// <summary>The driver's own scripts in the helper.</summary>
internal sealed class DriverScript(ClusterClient client, string @namespace, string pod, StageLog log, TimeProvider time)
{
    /// <summary>Runs one.</summary>
    /// <param name="script">POSIX shell.</param>
    /// <param name="doing">What it does, for messages: as it follows "can't".</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="DriverException">It failed.</exception>
    public async Task<string> Run(byte[] script, string doing, CancellationToken cancel)
    {
        using var output = new MemoryStream();
        var request = new PodScriptRequest(NewId(), new ExecTarget(@namespace, pod, JobContainer.HelperName), script)
        {
            Grace = TimeSpan.FromSeconds(1),
        };
        var result = await new PodScript(client, log, time).Run(request, output, cancel);
        cancel.ThrowIfCancellationRequested();
        var words = DisplayText.Of(Encoding.UTF8.GetString(output.ToArray()), 600);
        return result switch
        {
            PodScriptResult.Exited { Code: 0 } => Encoding.UTF8.GetString(output.ToArray()),
            PodScriptResult.Exited { Code: var code } => throw Failed($"exit code {code}: {words}"),
            PodScriptResult.NotRunnable not => throw Failed(not.Message),
            PodScriptResult.ContainerGone gone => throw Failed(gone.Message),
            PodScriptResult.Lost lost => throw Failed(lost.Message),
            _ => throw Failed("it was not started"),
        };

        DriverException Failed(string why) => new($"The driver can't {doing} in the helper's container: {why}");
    }

    /// <summary>A new script's id.</summary>
    public static PodScriptId NewId() =>
        new(RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 20));
}
