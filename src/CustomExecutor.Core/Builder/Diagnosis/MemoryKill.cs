namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>The kernel killed buildkitd for its memory. Before it serves that is the admin's limit; under a build it is
/// the build's hunger.</summary>
internal static class MemoryKill
{
    public static PodDiagnosis.Failed? Judge(PodObservation seen)
    {
        if (seen.Terminated is not { Reason: "OOMKilled" } terminated)
            return null;
        var key = $"{seen.Followed.Settings}.resources.limits.memory";
        var what = seen.Followed.Role == ContainerRole.Buildkitd ? "build" : "script";
        var told = $"{seen.Lead}: OOMKilled, exit code {terminated.ExitCode}";
        return (seen.Limit("memory"), seen.Phase) switch
        {
            // Without a limit it was the node that ran out, by whoever's use.
            (null, _) => new PodDiagnosis.Failed(
                $"{told}\nThe node ran out of memory. {key} and {seen.Followed.Settings}.resources.requests.memory "
                    + "keep room for "
                    + $"{seen.Followed.InSentence}."
            ),
            ({ } limit, BuilderPhase.InUse) => new PodDiagnosis.Failed(
                $"{told}, at its limit of {limit}\nThe {what} needs more memory than that. Let it take less (fewer "
                    + $"things at once), or ask the runner's admin to raise {key}.",
                FailureKind.Build
            ),
            ({ } limit, _) => new PodDiagnosis.Failed($"{told}, at its limit of {limit}\nRaise {key} in the settings."),
        };
    }
}
