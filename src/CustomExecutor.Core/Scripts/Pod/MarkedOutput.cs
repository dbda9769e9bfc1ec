using System.Buffers;
using System.Text;

namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>
/// Finds the end of a script's output. The bytes come in pieces, over one connection after another; what may be the
/// mark's beginning is held back until it is known.
/// </summary>
public sealed class MarkedOutput
{
    /// <summary>An exit code has three digits, and a line end stands behind it.</summary>
    private const int LongestCode = 4;

    private readonly byte[] _mark;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _held;

    /// <param name="id">The script.</param>
    public MarkedOutput(PodScriptId id) => _mark = Encoding.ASCII.GetBytes($"\u001e{id.Mark}:");

    /// <summary>How many bytes came so far: where the next connection goes on.</summary>
    public long Offset { get; private set; }

    /// <summary>The script's exit code, once the end has come; what is behind it counts no more.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Takes the next piece.</summary>
    /// <returns>The bytes of the script's own that are certain now; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Take(ReadOnlySpan<byte> piece)
    {
        if (ExitCode is not null)
            return default;
        Offset += piece.Length;
        var held = _bytes.WrittenSpan[^_held..].ToArray();
        _bytes.ResetWrittenCount();
        _bytes.Write(held);
        _bytes.Write(piece);
        var certain = CertainOf(_bytes.WrittenSpan);
        _held = _bytes.WrittenCount - certain;
        return _bytes.WrittenMemory[..certain];
    }

    /// <summary>What was held back: there will be no more.</summary>
    public ReadOnlyMemory<byte> Rest()
    {
        var rest = ExitCode is null ? _bytes.WrittenMemory[^_held..] : default;
        _held = 0;
        return rest;
    }

    private int CertainOf(ReadOnlySpan<byte> bytes)
    {
        for (var from = 0; ; )
        {
            var at = bytes[from..].IndexOf(_mark);
            if (at < 0)
                return bytes.Length - PartOfMark(bytes[from..]);
            at += from;
            var code = bytes[(at + _mark.Length)..];
            var end = code[..Math.Min(code.Length, LongestCode)].IndexOf((byte)'\n');
            if (end > 0 && int.TryParse(code[..end], out var parsed) && code[0] != '-' && code[0] != '+')
            {
                ExitCode = parsed;
                return at;
            }

            if (end < 0 && code.Length < LongestCode)
                return at;
            from = at + 1; // Somebody else's words.
        }
    }

    /// <summary>How many bytes at the end are the mark's first ones.</summary>
    private int PartOfMark(ReadOnlySpan<byte> bytes)
    {
        for (var length = Math.Min(_mark.Length - 1, bytes.Length); length > 0; length--)
        {
            if (bytes.EndsWith(_mark.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
