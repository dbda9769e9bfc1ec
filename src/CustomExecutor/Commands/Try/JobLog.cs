using System.Text;

namespace CustomExecutor.Commands.Try;

/// <summary>
/// The job log as GitLab shows it: the runner's lines in colour, the output of the driver and the script unchanged.
/// </summary>
/// <param name="output">The stream that shows it.</param>
/// <param name="colours">Whether the stream is a terminal.</param>
internal sealed class JobLog(Stream output, bool colours)
{
    private const string BoldCyan = "\e[36;1m",
        BoldGreen = "\e[32;1m",
        BoldRed = "\e[31;1m",
        Yellow = "\e[33;1m",
        Reset = "\e[0;m";

    /// <summary>Receives the output of the driver and the script, byte by byte.</summary>
    public Stream Output => output;

    /// <summary>Writes the title of a section.</summary>
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
