using CustomExecutor.Core.Builder.Diagnosis;

namespace CustomExecutor.Builder;

/// <summary>How the driver finds out whether a builder in use still serves: over the network, or in the job's
/// pod.</summary>
internal interface IBuilderConnection
{
    /// <summary>Tries to connect, with patience for a node in trouble; each but the first try after a pause.</summary>
    Task<ConnectionTry> Try(CancellationToken end);

    /// <summary>Whether it answers within some time. True where that can't be told.</summary>
    Task<bool> Answers(TimeSpan within, CancellationToken end);
}
