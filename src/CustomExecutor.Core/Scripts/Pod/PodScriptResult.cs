namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>How a script in a container ended.</summary>
public abstract record PodScriptResult
{
    private PodScriptResult() { }

    /// <summary>By itself or by a signal, which shells tell as 128 and its number.</summary>
    /// <param name="Code">0 to 255.</param>
    public sealed record Exited(int Code) : PodScriptResult;

    /// <summary>It was cancelled before it was started.</summary>
    public sealed record NeverStarted : PodScriptResult;

    /// <summary>It can't be executed in this container.</summary>
    /// <param name="Message">Why, and what helps.</param>
    public sealed record NotRunnable(string Message) : PodScriptResult;

    /// <summary>The container has ended, or its pod is gone; its state says why.</summary>
    /// <param name="Message">The API server's words.</param>
    public sealed record ContainerGone(string Message) : PodScriptResult;

    /// <summary>The container runs, but the script's end is not known: what watches over it in the container was
    /// killed, or it does not end.</summary>
    /// <param name="Message">What is known.</param>
    public sealed record Lost(string Message) : PodScriptResult;
}
