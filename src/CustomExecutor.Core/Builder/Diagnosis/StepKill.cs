namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>
/// The kernel killed one process of a build for its memory and left buildkitd alive: no pod, container or event tells
/// of it, and buildx shows a step's exit code alone.
/// </summary>
public static class StepKill
{
    /// <summary>What the author should know, or null if no step was killed.</summary>
    /// <param name="log">The end of buildkitd's log, as far as the script's time goes.</param>
    /// <param name="memoryLimit">The builder's limit, a Kubernetes quantity; null without one.</param>
    public static string? Hint(string log, string? memoryLimit) =>
        !log.Contains("exit code: 137", StringComparison.Ordinal) ? null
        : memoryLimit is null
            ? "A build step was killed (exit code 137): most often its node had no memory left. Let it take less "
                + "(fewer things at once)."
        : "A build step was killed (exit code 137): most often it needed more memory than the builder has "
            + $"({memoryLimit}). Let it take less (fewer things at once), or ask the runner's admin to raise "
            + "builder.resources.limits.memory.";
}
