using CustomExecutor.Core.Attempt;

namespace CustomExecutor.Attempt;

/// <summary>The state of an attempt, as prepare writes it.</summary>
internal static class AttemptStates
{
    /// <summary>The pod is about to be created.</summary>
    public static AttemptState NotReady(StageInput input, string builder) =>
        new()
        {
            JobId = input.Job.JobId,
            Namespace = input.Settings.Kubernetes.Namespace,
            Builder = builder,
            Kept = KeptSettings.Of(input.Settings),
        };
}
