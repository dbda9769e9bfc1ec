using CustomExecutor.Host.Sandbox;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Host.Processes;

/// <summary>What to start, and with what; nothing else of ours reaches the child.</summary>
/// <param name="File">
/// A path, or a name that is looked up in <c>PATH</c>: the given environment's if it has one, else our own. A relative
/// path counts from the child's working directory.
/// </param>
/// <param name="Arguments">Without <c>argv[0]</c>, which is <paramref name="File"/>.</param>
/// <param name="Environment">The whole environment, not additions to ours.</param>
internal sealed record ChildProcessStart(
    string File,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment
)
{
    /// <summary>Null: ours.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The child leads a process group and a session of its own: it and what it starts can be signalled at
    /// once, and have no terminal.</summary>
    public bool NewProcessGroup { get; init; }

    /// <summary>Null: inherited or <c>/dev/null</c>, see <see cref="InheritStandardInput"/>.</summary>
    public SafeFileHandle? StandardInput { get; init; }

    /// <summary>Null: inherited.</summary>
    public SafeFileHandle? StandardOutput { get; init; }

    /// <summary>Null: inherited.</summary>
    public SafeFileHandle? StandardError { get; init; }

    /// <summary>What confines the child; null: what confines ourselves.</summary>
    public Landlock? Sandbox { get; init; }

    /// <summary>False: the child reads <c>/dev/null</c>, unless it is given a <see cref="StandardInput"/>.</summary>
    public bool InheritStandardInput { get; init; }
}

/// <summary>How a child ended: by an exit code or by a signal; exactly one is set.</summary>
internal readonly record struct ChildExit(int? Code, int? Signal);
