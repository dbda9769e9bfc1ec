using System.Globalization;

namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>A line that the shell text writes to stderr. An author's container can forge each of them, to the harm of
/// its own job.</summary>
public abstract record ControlLine
{
    private ControlLine() { }

    /// <summary>The script has been started, and its output follows.</summary>
    /// <param name="Shell">bash or sh.</param>
    public sealed record Following(string Shell) : ControlLine;

    /// <summary>The follower is alive.</summary>
    public sealed record Alive : ControlLine;

    /// <summary>The script has ended; output may follow.</summary>
    public sealed record Exited(int Code) : ControlLine;

    /// <summary>No more output follows.</summary>
    /// <param name="Size">The output's bytes since the script's start.</param>
    public sealed record Complete(long Size) : ControlLine;

    /// <summary>Nobody is there any more who would note the script's exit code.</summary>
    public sealed record Lost : ControlLine;

    /// <summary>The script was not started, and never will be.</summary>
    public sealed record Unstarted : ControlLine;

    /// <summary>The script is being ended.</summary>
    public sealed record Ending : ControlLine;

    /// <summary>The script was asked to end.</summary>
    /// <param name="IsOver">Whether it has ended.</param>
    public sealed record Ended(bool IsOver) : ControlLine;

    /// <summary>The shell text can't go on.</summary>
    /// <param name="Word">What is wrong.</param>
    /// <param name="Detail">With what; may be empty.</param>
    public sealed record Problem(string Word, string Detail) : ControlLine;

    /// <summary>Reads a line; null for the words of somebody else, like the shell itself.</summary>
    public static ControlLine? Parse(string line) =>
        line.Split(' ', 3) switch
        {
            ["following", "bash" or "sh"] words => new Following(words[1]),
            ["."] => new Alive(),
            ["exit", var code] when IsCode(code, out var parsed) => new Exited(parsed),
            ["end", var size] when IsSize(size, out var parsed) => new Complete(parsed),
            ["lost"] => new Lost(),
            ["unstarted"] => new Unstarted(),
            ["ending"] => new Ending(),
            ["ended"] => new Ended(true),
            ["stuck"] => new Ended(false),
            ["problem", var word] => new Problem(word, ""),
            ["problem", var word, var detail] => new Problem(word, detail),
            _ => null,
        };

    private static bool IsSize(string text, out long size) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);

    private static bool IsCode(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code) && code <= 255;
}
