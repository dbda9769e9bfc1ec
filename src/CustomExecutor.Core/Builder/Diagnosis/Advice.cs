namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>Sentences that end more than one failure.</summary>
public static class Advice
{
    /// <summary>For what is nobody's mistake.</summary>
    public const string Retry = "Retry the job; with `retry: when: runner_system_failure` GitLab does so by itself.";

    /// <summary>For a policy that changes what the driver asked for, and for nodes that can't run rootless
    /// builders.</summary>
    public const string OtherNodes = "or send builders to other nodes (builder.nodeSelector)";
}
