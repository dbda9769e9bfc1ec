namespace CustomExecutor.Core.Runner;

/// <summary>One call of the driver by the runner: a stage and its arguments.</summary>
/// <param name="Stage">The stage's name: <c>config</c>, <c>prepare</c>, <c>run</c> or <c>cleanup</c>.</param>
/// <param name="Settings">What <c>--settings</c> says, or null.</param>
public sealed record StageCall(string Stage, string? Settings)
{
    /// <summary>The script file that the runner wrote; null except for <c>run</c>.</summary>
    public string? Script { get; init; }

    /// <summary>The script stage's name, like <c>get_sources</c>; null except for <c>run</c>.</summary>
    public string? ScriptStage { get; init; }

    /// <summary>
    /// Reads the arguments that the runner passes in practice: <c>[--settings FILE] STAGE [SCRIPT SCRIPT_STAGE]</c>.
    /// The runner calls the driver a dozen times for each job, and building the whole command line takes longer than
    /// most of these calls.
    /// </summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The call; null for everything else, which the whole command line decides.</returns>
    public static StageCall? Of(ReadOnlySpan<string> arguments)
    {
        string? settings = null;
        if (arguments is ["--settings", var file, .. var rest])
        {
            if (!IsPath(file))
                return null;
            settings = file;
            arguments = rest;
        }

        return arguments switch
        {
            [("config" or "prepare" or "cleanup") and var stage] => new StageCall(stage, settings),
            ["run", var script, var name] when IsPath(script) && IsName(name) => new StageCall("run", settings)
            {
                Script = script,
                ScriptStage = name,
            },
            _ => null,
        };
    }

    /// <summary>Whether the text can only be an absolute path: <c>/h</c> asks for help, and so does <c>/h:a</c>.
    /// </summary>
    private static bool IsPath(string text) =>
        text.StartsWith('/') && text.LastIndexOf('/') > 0 && text.AsSpan().IndexOfAny(':', '=') < 0;

    /// <summary>Whether the text can only be a name.</summary>
    private static bool IsName(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
