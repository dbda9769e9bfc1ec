using CustomExecutor.Core.Kubernetes.Exec;

namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>How far a script in a container has come, by what the shell text tells over one connection after
/// another.</summary>
/// <param name="container">Its name, for messages.</param>
public sealed class PodScriptProgress(string container)
{
    private ControlLines _lines = new();
    private bool _answered;
    private bool _lost;
    private int? _code;
    private long? _size;

    /// <summary>Whether the script is known to have been started: its text need not be sent again.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>What others wrote to the control channel over this connection.</summary>
    public string OtherWords => _lines.OtherWords;

    /// <summary>A connection begins.</summary>
    public void Connected()
    {
        _lines = new ControlLines();
        _size = null;
    }

    /// <summary>Output came.</summary>
    public void OutputCame() => (IsStarted, _answered) = (true, true);

    /// <summary>Takes bytes of the control channel.</summary>
    /// <returns>The result, if they tell one.</returns>
    public PodScriptResult? Take(ReadOnlySpan<byte> bytes)
    {
        foreach (var line in _lines.Take(bytes))
        {
            _answered = true;
            switch (line)
            {
                case ControlLine.Following:
                    IsStarted = true;
                    break;
                case ControlLine.Exited exited:
                    _code = exited.Code;
                    break;
                case ControlLine.Complete complete:
                    _size = complete.Size;
                    break;
                case ControlLine.Lost:
                    _lost = true;
                    break;
                case ControlLine.Problem problem when PodScriptProblem.Sentence(problem, container) is { } sentence:
                    return new PodScriptResult.NotRunnable(sentence);
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>The result when a connection has ended; null to make another one.</summary>
    /// <param name="status">How the server says that the exec ended; null if it does not.</param>
    /// <param name="offset">How far the output has come.</param>
    public PodScriptResult? ResultOf(ExecStatus? status, long offset)
    {
        if (!_answered && status is { IsMissingCommand: true })
            return new PodScriptResult.NotRunnable(PodScriptProblem.NoShell(container));
        if (_lost)
        {
            return new PodScriptResult.Lost(
                "What watches over the script in the container was killed, so its exit code is not known. Did the "
                    + "script kill all processes, or did the container run out of memory?"
            );
        }

        // The mark is missing: what appends the output was killed. The size tells whether all of it has come: streams
        // overtake each other, and connections break.
        return _code is { } code && _size <= offset ? new PodScriptResult.Exited(code) : null;
    }
}
