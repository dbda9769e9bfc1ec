using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Kubernetes.Exec;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Scripts.Pod;

/// <summary>An exec that has begun to answer.</summary>
/// <param name="Session">Its connection.</param>
/// <param name="First">Its first bytes; null where it ended without any.</param>
internal sealed record BegunExec(ExecSession Session, ExecPart? First) : IDisposable
{
    public void Dispose() => Session.Dispose();
}

/// <summary>The container is not there any more.</summary>
internal sealed class ContainerGoneException(string message) : Exception(message);

/// <summary>Begins execs of the shell text in one container.</summary>
internal sealed class PodExec(ClusterClient client, ExecTarget target)
{
    /// <summary>One try: connects, writes the shell text and waits for the first answer.</summary>
    /// <param name="input">See <see cref="PodScriptInput"/>.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ContainerGoneException">The container has ended.</exception>
    public async Task<BegunExec> Begin(byte[] input, CancellationToken cancel)
    {
        ExecSession? session = null;
        try
        {
            session = await ExecSession.Open(client, target, PodScriptInput.Command, cancel);
            await session.Write(input, cancel);
            var begun = new BegunExec(session, await session.Read(cancel));
            if (begun.First is null && session.Status is { IsMissingCommand: false } status)
            {
                await ThrowIfGone(status.Message, cancel);
                throw new IOException(status.Message.Length > 0 ? status.Message : "the exec ended at once");
            }

            return begun;
        }
        catch (HttpOperationException e)
        {
            session?.Dispose();
            await ThrowIfGone(ApiExceptions.Of(e, $"execute in pod {target.Pod}").Message, cancel);
            throw;
        }
        catch (Exception)
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>The container's state decides: a kubelet that has just been started knows no container for a
    /// moment.</summary>
    private async Task ThrowIfGone(string words, CancellationToken cancel)
    {
        V1Pod pod;
        try
        {
            pod = await Answers.Pod(
                client.CoreV1.ReadNamespacedPodAsync(target.Pod, target.Namespace, cancellationToken: cancel),
                target.Pod
            );
        }
        catch (HttpOperationException e) when (ApiExceptions.IsNotFound(e))
        {
            throw new ContainerGoneException($"The pod {target.Pod} is not there any more.");
        }
        catch (Exception e) when (ApiFaultReader.Of(e) is not null)
        {
            return; // The exec's own fault is told.
        }

        var state = pod.Status?.ContainerStatuses?.FirstOrDefault(c => c.Name == target.Container)?.State;
        if (state?.Terminated is not null || pod.Status?.Phase is "Failed" or "Succeeded")
            throw new ContainerGoneException(words);
    }
}
