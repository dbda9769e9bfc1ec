using System.Text;

namespace CustomExecutor.Commands.Try;

/// <summary>The job log as GitLab shows it: the runner's own lines in its colours, the driver's and the script's as
/// they come.</summary>
/// <param name="output">Where it is shown.</param>
/// <param name="colours">Whether that is a terminal.</param>
internal sealed class JobLog(Stream output, bool colours)
{
    private const string BoldCyan = "\e[36;1m",
        BoldGreen = "\e[32;1m",
        BoldRed = "\e[31;1m",
        Yellow = "\e[33;1m",
        Reset = "\e[0;m";

    /// <summary>Where output of the driver and the script goes, byte by byte.</summary>
    public Stream Output => output;

    /// <summary>The title of a section.</summary>
    public void Section(string title) => Line(title, BoldCyan);

    public void Plain(string line) => Line(line, "");

    public void Success(string line) => Line(line, BoldGreen);

    public void Warning(string line) => Line($"WARNING: {line}", Yellow);

    public void Error(string line) => Line($"ERROR: {line}", BoldRed);

    private void Line(string text, string colour)
    {
        Output.Write(Encoding.UTF8.GetBytes(colours && colour.Length > 0 ? $"{colour}{text}{Reset}\n" : text + "\n"));
        Output.Flush();
    }
}
