namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>The sentences for what keeps a script from being executed in a container.</summary>
public static class PodScriptProblem
{
    private const string TakeAnother = "Use an image that has a shell and coreutils or busybox.";

    /// <summary>The sentence for a problem that the shell text reports; null if another try may help.</summary>
    public static string? Sentence(ControlLine.Problem problem, string container) =>
        problem.Word switch
        {
            "torn" => null,
            "missing" =>
                $"The image of container {container} has no {DisplayText.Of(problem.Detail, 40)}, which running a "
                    + $"script needs.\n{TakeAnother}",
            "scripts" or "output" =>
                $"The script can't be written in container {container}: /run/{problem.Word} is not writable"
                    + $"{User(problem.Detail)}.\n"
                    + "The pod mounts a volume there; does a policy of the cluster change it?",
            "full" => $"The script can't be written in container {container}: there is no space left at /run/scripts.",
            _ => $"The script can't be started in container {container}: {DisplayText.Of(problem.Word)}.",
        };

    /// <summary>The sentence for an image without a shell.</summary>
    public static string NoShell(string container) =>
        $"The image of container {container} has no sh on its PATH, so no script can be executed in it.\n{TakeAnother}";

    private static string User(string id) =>
        id.Length is > 0 and < 12 && id.All(char.IsAsciiDigit) ? $" for user {id}" : "";
}
