using CustomExecutor.Host.Sandbox;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Host.Processes;

/// <summary>Describes a child to start. It inherits nothing else from this process.</summary>
/// <param name="File">
/// A path, or a name that is looked up in <c>PATH</c> of the given environment, or of this process if that has none. A
/// relative path is relative to the child's working directory.
/// </param>
/// <param name="Arguments">Without <c>argv[0]</c>, which is <paramref name="File"/>.</param>
/// <param name="Environment">The whole environment. The child does not inherit this process's variables.</param>
internal sealed record ChildProcessStart(
    string File,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment
)
{
    /// <summary>Null: this process's directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Whether the child leads its own process group and session: it can be signalled together with everything that it
    /// starts, and has no terminal.
    /// </summary>
    public bool NewProcessGroup { get; init; }

    /// <summary>Null: inherited or <c>/dev/null</c>, see <see cref="InheritStandardInput"/>.</summary>
    public SafeFileHandle? StandardInput { get; init; }

    /// <summary>Null: inherited.</summary>
    public SafeFileHandle? StandardOutput { get; init; }

    /// <summary>Null: inherited.</summary>
    public SafeFileHandle? StandardError { get; init; }

    /// <summary>The child's sandbox; null: this process's restrictions.</summary>
    public Landlock? Sandbox { get; init; }

    /// <summary>False: the child reads <c>/dev/null</c>, unless <see cref="StandardInput"/> is set.</summary>
    public bool InheritStandardInput { get; init; }
}

/// <summary>How a child ended: with an exit code or by a signal. Exactly one is set.</summary>
internal readonly record struct ChildExit(int? Code, int? Signal);
