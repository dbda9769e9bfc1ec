using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.Scripts.Pod;

/// <summary>A script that is to be executed in a container.</summary>
/// <param name="Id">Its name: who asks for it again, also in another process, follows the same script.</param>
/// <param name="Target">The container.</param>
/// <param name="Script">The shell script.</param>
internal sealed record PodScriptRequest(PodScriptId Id, ExecTarget Target, ReadOnlyMemory<byte> Script)
{
    /// <summary>What it finds beside what the container has.</summary>
    public PodScriptEnvironment Environment { get; init; } = new();

    /// <summary>From SIGTERM to SIGKILL when it is cancelled.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>How long an API server is waited for that does not answer: the script runs on meanwhile.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromMinutes(10);
}
