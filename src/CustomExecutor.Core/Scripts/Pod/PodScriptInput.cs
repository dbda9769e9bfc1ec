using System.Globalization;
using System.Text;

namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>
/// What is written to an exec's stdin. The command is constant and short: audit logs keep it, and proxies bound an
/// address's length. It reads the shell text line by line, which leaves the bytes behind it for <c>head</c>; where the
/// text is cut off, none of it is executed.
/// </summary>
public static class PodScriptInput
{
    private const string LastLine = "#run";

    /// <summary>The command of each exec.</summary>
    public static IReadOnlyList<string> Command { get; } =
    [
        "sh",
        "-c",
        $"n='\n'; t=; while IFS= read -r l; do [ \"$l\" != '{LastLine}' ] || {{ eval \"$t\"; exit; }}; t=$t$l$n; done",
    ];

    /// <summary>Starts the script unless it has been started, then follows its output.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="script">Its text.</param>
    /// <param name="environment">What it finds.</param>
    /// <param name="offset">How many bytes of its output are there already.</param>
    public static byte[] Run(
        PodScriptId id,
        ReadOnlyMemory<byte> script,
        PodScriptEnvironment environment,
        long offset
    ) =>
        [
            .. Text(
                id,
                $"length={Number(script.Length)} from={Number(offset + 1)} mark={id.Mark}\n"
                    + $"environment={ShellWord.OnOneLine(environment.ShellText(id.Text))}\n",
                PodShellText.Run + PodShellText.Follow
            ),
            .. script.Span,
        ];

    /// <summary>Follows the output of a script that was started.</summary>
    public static byte[] Follow(PodScriptId id, long offset) =>
        Text(id, $"from={Number(offset + 1)}\n", PodShellText.Follow);

    /// <summary>Ends a script, or keeps one from being started.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="grace">From SIGTERM to SIGKILL.</param>
    public static byte[] End(PodScriptId id, TimeSpan grace) =>
        Text(id, $"grace={Number((long)(grace.TotalSeconds * 10))}\n", PodShellText.End);

    private static byte[] Text(PodScriptId id, string variables, string text) =>
        Encoding.UTF8.GetBytes(
            $"id={id.Text}\n{variables}{PodShellText.Common}{text}{LastLine}\n".ReplaceLineEndings("\n")
        );

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
