using System.Text;

namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>Cuts the control channel into lines. It is bounded, however much comes.</summary>
public sealed class ControlLines
{
    private const int Longest = 300;

    private readonly StringBuilder _line = new();
    private readonly StringBuilder _other = new();

    /// <summary>The last words that were not the driver's own, like <c>sh: out of memory</c>; for messages.</summary>
    public string OtherWords => DisplayText.Of(_other.ToString().Trim());

    /// <summary>Takes the next bytes.</summary>
    /// <returns>The lines that are complete and known.</returns>
    public IReadOnlyList<ControlLine> Take(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<ControlLine>();
        foreach (var next in bytes)
        {
            if (next != '\n')
            {
                if (_line.Length < Longest)
                    _line.Append((char)next);
                continue;
            }

            var text = _line.ToString();
            _line.Clear();
            if (ControlLine.Parse(text) is { } line)
                lines.Add(line);
            else
                Keep(text);
        }

        return lines;
    }

    private void Keep(string text)
    {
        _other.Append(text).Append(' ');
        if (_other.Length > Longest)
            _other.Remove(0, _other.Length - Longest);
    }
}
